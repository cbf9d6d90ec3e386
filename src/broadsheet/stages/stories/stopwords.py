"""Words that bind sentences and tell nothing of a story, in the languages that news is mostly read in."""

_LISTS = """
a about above after again against all also am an and any are aren as at be because been before being below between both
but by can cannot could couldn did didn do does doesn doing don down during each few for from further get gets had hadn
has hasn have haven having he her here hers herself him himself his how if in into is isn it its itself just let ll me
more most mustn my myself new no nor not now of off on once only or other ought our ours ourselves out over own re said
same say says shan she should shouldn so some such than that the their theirs them themselves then there these they this
those through to too under until up us ve very was wasn we were weren what when where which while who whom why will with
won would wouldn you your yours yourself yourselves

aber als am an auch auf aus bei bin bis das dass dem den der des die doch durch ein eine einem einen einer eines er es
für gegen hat haben hatte ich ihr im in ist ja kann kein keine man mehr mit nach nicht noch nun nur oder sich sie sind
so soll über um und unter vom von vor war was wegen wenn wer werden wie wieder wird wurde zu zum zur

alla anche che chi ci come con cosa da dal dalla degli dei del della delle di dopo due è era fra gli ha hanno il in io
la le lo loro ma nei nel nella non per più quando quella questo se si sono su sua sul sulla suo tra un una uno

ainsi après au aux avec avoir ce ces cette comme contre dans de depuis des deux dont du elle elles en entre est et été
être fait il ils je la le les leur leurs lui mais même ne nos nous on ont ou où par pas plus pour qu que qui sa sans se
selon ses son sont sous sur un une vers vous

al ante como con contra cual cuando de del desde donde dos durante e el ella ellos en entre era es esta este esto está
están fue ha han hasta hay la las le les lo los más me mi muy no nos o para pero por porque que quien se según ser si
sin sobre son su sus también tras tu un una uno unos y ya

ao aos as até às com da das de depois do dos e ela ele em entre era esta este eu foi foram há isso já mais mas na nas
não no nos o os ou para pela pelo por que quem são se sem ser seu sua também tem um uma à é

aan als bij dat de deze die dit door een en er haar heeft hem het hij hun ik in is je kan maar meer met naar niet nog
nu of om ook op over te tot uit van voor was wat we wel werd wie wordt ze zich zijn zo zou

att av de den det detta där efter ej en ett från för ha han har hon i inte kan med men mot nu när och om på sig sin ska
som så till under upp ut vad var vi är över af at blev bliver da der dig dem deres du efter eller er et fik hende hun
ikke jeg kommer kunne man mange mod nogle også sit skal skulle ved vil være år å bli ble disse etter fra får gjør hva
hvor ikke mellom mer noen også opp seg sitt slik være

aby ale bez być był było by co czy dla do gdy go i ich ja jak jako jest już lub ma może na nad nie o od po pod przed
przez przy się są ta tak tej ten to tym w we z za ze że

без более был была были было быть в вам вас весь во вот все всего вы где да для до его ее если есть еще же за и из или
им их к как когда кто ли мы на над не нет ни но о об он она они от по под после при с со так также то того только у уже
что чтобы это эта этот а

bir bu da daha de değil diye en gibi göre için ile ise kadar ki mi ne o olan olarak oldu sonra ve veya ya yeni

على إلى عن في من ما لا أن إن هذا هذه التي الذي كان قد بعد مع كل أو ثم بين كما هو هي

של על את לא עם זה כי גם או הוא היא אל יש כל אם מה

और का की के को है हैं में से पर ने यह था थे भी नहीं एक कर
"""

STOP_WORDS = frozenset(_LISTS.split())
