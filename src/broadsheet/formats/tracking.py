"""Query parameters that tell where a reader came from and change nothing of the page. Names are lower case."""

_PREFIXES = (
    "utm_", "mtm_", "matomo_", "piwik_", "hsa_", "itm_", "hmb_", "oly_", "vero_", "fb_action_", "at_custom", "stm_",
    "_hs", "__hs", "guce_referrer", "_branch_", "ga_campaign", "aff_sub",
)  # fmt: skip

# Ids of a click: Google, Facebook, Microsoft, Yandex, X, TikTok, Pinterest, LinkedIn, Reddit, Snapchat and others.
_CLICK_IDS = """gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid srsltid _ga _gl _gac fbclid fb_ref fb_source
    fb_comment_id mibextid sfnsn msclkid yclid ysclid _openstat twclid __twitter_impression ttclid epik li_fat_id
    rdt_cid sccid igshid igsh wickedid irclickid cjevent zanpid rb_clickid tblci obclid ndclid yadclid wprov"""

# Campaigns of analytics and mail: Matomo, AT Internet, comScore, Adobe, Webtrekk, Mailchimp, HubSpot, Marketo ...
_CAMPAIGNS = """pk_campaign pk_kwd pk_keyword pk_source pk_medium pk_content pk_cid campaign_id campaign_medium
    campaign_name campaign_source campaign_term campaign_content campaignid at_medium at_campaign at_campaign_type
    at_link_id at_link_origin at_link_type at_bbc_team at_format at_ptr_name ns_mchannel ns_source ns_campaign
    ns_linkname ns_fee s_cid s_kwcid s_trk ef_id wt_mc wt_zmc wt.mc_id wt.mc_ev wt.tsrc mc_cid mc_eid mc_tc
    ml_subscriber ml_subscriber_hash mkt_tok hsctatracking sc_cid sc_campaign sc_channel sc_content sc_medium
    sc_outcome sc_geo sc_country trk_contact trk_msg trk_module trk_sid _bhlid _kx _ke cm_mmc cm_re cm_sp cmpid cmp
    ck_subscriber_id mkwid pcrid elqtrackid elqtrack elqaid dm_i recipientid nr_email_referer bsft_clkid bsft_eid
    bsft_uid sailthru_id spmailingid spuserid spjobid spreportid"""

# What newsrooms and aggregators add of their own.
_NEWSROOMS = """xtor xts ocid icid ncid cid_source smid smtyp emc guccounter soc_src soc_trk tsrc __source
    __readwiselocation sr_share traffic_source mod_source echobox fromrss dlbk taid dicbo ftag ftcamp_id
    internal_source source_newsletter sref refsrc tpcc via_rss xnpe_cmpg wkey wmail user_email_hash mcubz nytmobile"""

_NAMES = frozenset(f"{_CLICK_IDS} {_CAMPAIGNS} {_NEWSROOMS}".split())
_ORIGIN_NAMES = frozenset({"ref", "source", "src", "from", "partner", "origin", "via", "medium"})
_ORIGIN_VALUES = frozenset({"rss", "rss1.0", "rss2.0", "rss2", "rssfeed", "rss_feed", "atom", "feed"})


def is_tracking(name: str, value: str) -> bool:
    """Whether the parameter `name=value` (both decoded, the name in lower case) only tells where a reader came from."""
    if name in _NAMES or name.startswith(_PREFIXES):
        return True
    return name in _ORIGIN_NAMES and value.lower() in _ORIGIN_VALUES
