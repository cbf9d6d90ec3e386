"""Words that open what is no part of an article, in a dozen languages: pointers, calls to subscribe, credits, notices.

Few of the labelled pages are in one language, so that most such words stand at fewer publishers than the dictionary
asks for. Each pair counts as if some publishers had been seen using it, and all of them almost never in an article.
"""

from broadsheet.stages.extract.tokens import text_tokens

_OPENINGS = """
read more|read also|also read|see also|read next|up next|related articles|related stories|related posts
more from|more on|recommended for|you may|you might|click here|tap here|sign up|subscribe to|subscribe now
subscribe today|join our|follow us|share this|share on|leave a|post a|all rights|copyright ©|photo by
photo credit|image credit|image courtesy|file photo|this article|originally published|first published
terms of|privacy policy|advertisement|sponsored content|loading comments|view comments|comments are
print this|email this|listen to|watch now|download the|support our|by signing|already a|log in
lesen sie|lies auch|auch interessant|mehr zum|siehe auch|weitere artikel|weitere informationen
weitere themen|zum thema|das könnte|jetzt abonnieren|newsletter abonnieren|hier anmelden|melden sie|folgen sie
folge uns|teilen sie|alle rechte|foto credit|bild von|bildquelle|alle angaben|zum weiterlesen|kommentar schreiben
schreibe einen|jetzt lesen|mehr lesen|weiterlesen|anzeige|über den|zur startseite|bereits abonnent
lire aussi|à lire|lire également|voir aussi|sur le même|en savoir|crédit photo|crédits photos|abonnez vous
inscrivez vous|partager sur|suivez nous|tous droits|laisser un|article réservé
lea también|lea más|lee también|leer más|le puede|te puede|puede interesarle|también te|más información
ver también|vea también|suscríbete|suscríbase a|síguenos en|siga a|comparte esta|compartir en|hazte socio
únete a|recibe las|foto cortesía|publicidad
leia também|leia mais|veja também|saiba mais|siga o|assine o|compartilhe|receba as|crédito
leggi anche|leggi tutto|potrebbe interessarti|iscriviti alla|seguici su|condividi su
per approfondire|riproduzione riservata
lees ook|lees meer|lees verder|bekijk ook|schrijf je|meld je|volg ons|deel dit|alle rechten
les også|les mer|läs också|läs mer|læs også|læs mere|følg oss|abonner på|prenumerera på|relaterade artiklar
czytaj też|czytaj także|czytaj więcej|zobacz też|zobacz także|dowiedz się|przeczytaj także|polecamy|udostępnij
zapraszamy do|subskrybuj|wszelkie prawa
читайте также|читать далее|смотрите также|подписывайтесь на|подпишитесь на|все права|фото автора|поделиться
читайте також|підписуйтесь на
ayrıca bakınız|bunları da|devamını oku|ilgili haberler|abone ol|tüm hakları
lue myös|lue lisää|tilaa uutiskirje|přečtěte si|čtěte také|olvassa el|citește și|διαβάστε επίσης
"""


def cues() -> frozenset[str]:
    """The openings as tokens of the dictionary of first words."""
    openings = (opening for line in _OPENINGS.split("\n") for opening in line.split("|"))
    return frozenset(tokens[-1] if " " in tokens[-1] else tokens[0] for o in openings if (tokens := text_tokens(o)))
