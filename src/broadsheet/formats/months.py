"""Names of months as feeds write them, in some thirty languages, by number."""

import unicodedata
from functools import cache

# One language a line, January to December; `/` parts other spellings and grammatical cases. Earlier lines win where
# two languages disagree about an abbreviation, so English stands first.
_NAMES = """
january february march april may june july august september/sept october november december
januar/jänner februar/feber märz april mai juni juli august september oktober november dezember
janvier février/fevr mars avril mai juin juillet/juil août septembre octobre novembre décembre
enero febrero marzo abril mayo junio julio agosto septiembre/setiembre octubre noviembre diciembre
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
januari februari maart/mrt april mei juni juli augustus september oktober november december
januari februari mars april maj juni juli augusti september oktober november december
januar februar marts april maj juni juli august september oktober november desember
stycznia/styczeń lutego/luty marca/marzec kwietnia/kwiecień maja czerwca/czerwiec lipca/lipiec sierpnia/sierpień \
września/wrzesień października/październik listopada/listopad grudnia/grudzień
ledna/leden února/únor března/březen dubna/duben května/květen června/červen července/červenec srpna/srpen \
září října/říjen listopadu/listopad prosince/prosinec
januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra
января/январь февраля/февраль марта/март апреля/апрель мая/май июня/июнь июля/июль августа/август сентября/сентябрь \
октября/октябрь ноября/ноябрь декабря/декабрь
січня/січень лютого/лютий березня/березень квітня/квітень травня/травень червня/червень липня/липень серпня/серпень \
вересня/вересень жовтня/жовтень листопада/листопад грудня/грудень
януари февруари март април май юни юли август септември октомври ноември декември
januar februar mart april maj jun jul avgust septembar oktobar novembar decembar
ιανουαρίου/ιανουάριος φεβρουαρίου/φεβρουάριος μαρτίου/μάρτιος απριλίου/απρίλιος μαΐου/μάιος ιουνίου/ιούνιος/ιόυν \
ιουλίου/ιούλιος/ιόυλ αυγούστου/αύγουστος σεπτεμβρίου/σεπτέμβριος οκτωβρίου/οκτώβριος νοεμβρίου/νοέμβριος \
δεκεμβρίου/δεκέμβριος
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
január február március április május június július augusztus szeptember október november december
tammikuuta/tammikuu helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta \
marraskuuta joulukuuta
ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
gener febrer març abril maig juny juliol agost setembre octubre novembre desembre
januari februari maret april mei juni juli agustus september oktober november desember
jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember
janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris
sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio
يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
"""


def folded(word: str) -> str:
    """The word without case and accents, so that `Août`, `août` and `aout` are one."""
    return "".join(c for c in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(c))


def month_number(word: str) -> int | None:
    """1 to 12 for a month's name or an unmistakable beginning of it (three letters or more), else None."""
    return _table().get(folded(word))


@cache
def _table() -> dict[str, int]:
    table: dict[str, int] = {}
    for language in _NAMES.replace("\\\n", "").strip().splitlines():
        for word, month in _with_beginnings(language).items():
            table.setdefault(word, month)
    return table


def _with_beginnings(language: str) -> dict[str, int]:
    """All full names of a language, and those beginnings that belong to one month only."""
    full = {folded(name): number for number, names in enumerate(language.split(), 1) for name in names.split("/")}
    beginnings: dict[str, set[int]] = {}
    for name, number in full.items():
        for length in range(3, len(name)):
            beginnings.setdefault(name[:length], set()).add(number)
    certain = {word: numbers.pop() for word, numbers in beginnings.items() if len(numbers) == 1}
    return certain | full
