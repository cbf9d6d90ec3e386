"""A new publication has a dozen articles and no background to judge by: it must join little and rightly."""

import pytest
from tests.stories.writing import expected, groups

OFFLINE = (
    "off",
    "Lumen Canvas adds offline mode for field teams",
    "Makers can now build apps in Lumen Canvas that keep working without a connection and sync when back online.",
)
OFFLINE_AGAIN = (
    "off",
    "Lumen Canvas apps now work without a connection",
    "The vendor's low-code tool gained an offline mode; data is kept on the phone and synced later.",
)
PRICE = (
    "price",
    "Lumen Canvas raises its licence price to 22 euros a user",
    "From July, each seat of Lumen Canvas costs 22 euros a month, a rise of a tenth.",
)
PRICE_AGAIN = (
    "price",
    "Licence price of Lumen Canvas goes up by a tenth in July",
    "Customers will pay 22 euros per seat and month; discounts for schools stay.",
)
FLAW = (
    "flaw",
    "Flaw in Lumen Canvas connectors exposed customer tables",
    "Researchers at Halvorsen found that shared connectors leaked rows to guests; a fix is out.",
)
FLAW_AGAIN = (
    "flaw",
    "Researchers find leak of customer tables in Lumen Canvas connectors",
    "Halvorsen reported the flaw in January. The vendor has fixed the shared connectors.",
)
CHIEF = (
    "chief",
    "Lumen names Adaeze Obi as chief executive",
    "The former head of sales takes over from founder Jan Prins in May.",
)
CHIEF_AGAIN = (
    "chief",
    "Adaeze Obi to lead Lumen as founder Jan Prins steps down",
    "Prins, who began the firm in 2009, stays on the board.",
)
OTHERS = (
    ("talks", "Lumen Canvas conference comes to Rotterdam in October", "Three days of talks and workshops for makers."),
    ("beds", "How a hospital in Leeds built its bed planner with Lumen Canvas", "Nurses drew the screens themselves."),
    ("tips", "Five tips for faster forms in Lumen Canvas", "Delay loading, cache lookups, and keep formulas short."),
    ("train", "Free training for Lumen Canvas makers in spring", "Eight evening courses cover formulas and design."),
)
FERRY = (
    "ferry",
    "Ferry runs aground off Texel, 120 passengers taken ashore",
    "A ferry with 120 people hit a sandbank near Texel on Sunday.",
)
FERRY_AGAIN = (
    "ferry",
    "Passengers evacuated after ferry hits sandbank near Texel",
    "Lifeboats brought 120 passengers to the island.",
)
RENT = (
    "rent",
    "Bundestag beschließt neues Mietrecht nach langer Debatte",
    "Die Mieten dürfen künftig nur um fünf Prozent steigen.",
)
YEN = ("yen", "日銀が金利を据え置き、円は小幅安", "日本銀行は金融政策決定会合で金利を維持した。")
YEN_AGAIN = ("yen", "日本銀行、政策金利を据え置き 円相場は小幅下落", "日銀は会合で現状維持を決めた。")
NITROGEN = ("law", "Dutch parliament votes on nitrogen law", "The bill passed by a narrow majority.")

WORLDS = {
    "a publication of twelve about one product": (
        OFFLINE, OFFLINE_AGAIN, PRICE, PRICE_AGAIN, FLAW, FLAW_AGAIN, CHIEF, CHIEF_AGAIN, *OTHERS
    ),
    "two that share only a product's name": (OFFLINE, PRICE),
    "two titles that share only a product's name": (
        ("a", "Lumen Canvas adds offline mode", ""), ("b", "Lumen Canvas raises licence price", "")
    ),
    "three titles that share only a product's name": (
        ("a", "Lumen Canvas adds offline mode", ""), ("b", "Lumen Canvas raises licence price", ""),
        ("c", "Lumen Canvas conference comes to Rotterdam", "")
    ),
    "two that share only a company": (
        ("a", "Halvorsen recalls 40,000 cars over steering fault", "The recall covers sedans built last spring."),
        ("b", "Halvorsen opens battery plant in Nevada", "Workers will build cells for trucks in the new hall."),
    ),
    "three events at one company on one day": (
        ("cuts", "Google cuts 200 jobs in its cloud unit", "The layoffs hit sales and support, staff heard on Tuesday."),
        ("cuts", "Google lays off 200 in cloud sales and support", "Staff were told that 200 jobs in the cloud unit go."),
        ("fine", "Google fined 300 million euros by French regulator over ads", "Google favoured its own ad exchange."),
        ("fine", "French regulator fines Google 300 million euros over ad exchange", "An inquiry took three years."),
        ("phone", "Google unveils Pixel 11 with a thinner camera bar", "It goes on sale in September from 799 dollars."),
        ("phone", "Pixel 11: Google's new phone has a slimmer camera bar", "It costs 799 dollars in September."),
    ),
    "two reports of one event": (FERRY, FERRY_AGAIN),
    "articles in languages that have nothing in common": (FERRY, FERRY_AGAIN, RENT, YEN, YEN_AGAIN, NITROGEN),
    "a report in German that shares a place and a figure joins": (
        FERRY, FERRY_AGAIN, RENT, NITROGEN,
        ("ferry", "Fähre vor Texel auf Grund gelaufen: 120 Passagiere an Land gebracht",
         "Die Fähre lief am Sonntag auf eine Sandbank; Rettungsboote brachten die Menschen auf die Insel."),
    ),
    "a report in Japanese that shares nothing stands alone": (
        FERRY, FERRY_AGAIN, NITROGEN,
        ("alone", "オランダの島沖でフェリーが座礁、乗客避難", "日曜日、フェリーが砂州に乗り上げた。"),
    ),
    "one article": (FERRY,),
}  # fmt: skip


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS.keys())
def test_a_small_world(world):
    assert groups(*world) == expected(*world)


def test_two_of_one_product_stay_apart_amid_other_news():
    others = [
        (
            "council",
            "Council in Aarhus approves tram line to the harbour",
            "Work starts in August and takes three years.",
        ),
        ("bees", "Beekeepers in Slovenia count fewer swarms after cold April", "The honey yield may halve."),
        ("opera", "Opera in Porto reopens with a new organ", "The hall was closed for repairs for four years."),
        ("chess", "Teenager from Chennai wins chess open in Reykjavik", "She beat the top seed in the last round."),
        ("port", "Dockers in Valparaiso end strike after nine days", "The union took the offer of the port."),
        ("moth", "Rare moth found in Cornwall after sixty years", "A school class photographed it."),
        ("rail", "Night train links Zagreb and Stuttgart again", "Tickets go on sale on Friday."),
        ("flood", "Flood gates tested on the Elbe in Dresden", "The test went well, the city said."),
        ("bank", "Norwegian central bank leaves rate unchanged", "Analysts had expected a cut."),
        ("whale", "Stranded whale freed near Hobart", "Volunteers worked through the night."),
        ("vote", "Voters in Geneva reject motorway plan", "The no camp won by two points."),
        ("salt", "Salt mine in Transylvania becomes a museum", "Visitors take a lift down."),
        ("fire", "Fire destroys warehouse in Leicester", "Nobody was hurt."),
    ]
    world = (OFFLINE, PRICE, *others)
    assert groups(*world) == expected(*world)
