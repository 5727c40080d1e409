"""Own sentences on conscripts at the front doubted, debunked, imagined or hearsay: (language, stance, text)."""

DEBUNKED = [
    (
        "en",
        "Claims that Russian conscripts were killed near Chernihiv in Ukraine are a fabrication, our reporter found.",
    ),
    ("en", "Our monitors checked a video which purports to show conscripts taken prisoner near Kharkiv; it is staged."),
    ("en", "The story of Russian conscripts taken prisoner in Ukraine is a hoax, our monitors established."),
    ("en", "Reports that Russian conscripts were killed near Chernihiv in Ukraine are fake."),
    ("nl", "Berichten dat dienstplichtigen bij Tsjernihiv in Oekraïne sneuvelden, zijn nepnieuws."),
    ("nl", "De video waarin dienstplichtigen bij Charkov in Oekraïne gevangen worden genomen, is in scène gezet."),
    ("ru", "Сообщения о том, что срочники погибли под Черниговом в Украине, — фейк."),
    ("ru", "Видео, на котором якобы российские срочники взяты в плен под Харьковом в Украине, постановочное."),
    ("uk", "Повідомлення про те, що російські строковики загинули під Черніговом, — вигадка."),
    ("uk", "Відео, на якому строковиків узято в полон під Харковом, виявилося постановкою."),
    ("de", "Berichte, wonach Wehrpflichtige bei Tschernihiw in der Ukraine gefallen sind, sind eine Erfindung."),
    ("de", "Das Video, das gefangene Wehrpflichtige bei Charkiw in der Ukraine zeigt, ist gestellt."),
    ("fr", "Les informations selon lesquelles des conscrits ont été tués près de Tchernihiv sont un canular."),
    ("fr", "La vidéo montrant des conscrits faits prisonniers près de Kharkiv en Ukraine est une mise en scène."),
]
NOTHING = [
    ("en", "Russian conscripts may have been wounded in Ukraine near Izium on 3 June 2022."),
    ("nl", "Misschien zijn dienstplichtigen bij Izjoem in Oekraïne gewond geraakt."),
    ("ru", "Возможно, срочники были ранены под Изюмом в Украине."),
    ("uk", "Можливо, строковики були поранені під Ізюмом."),
    ("de", "Vielleicht wurden Wehrpflichtige bei Isjum in der Ukraine verwundet."),
    ("fr", "Des conscrits ont peut-être été blessés en Ukraine près d'Izioum."),
    ("en", "Had Russian conscripts been wounded in Ukraine near Izium, this paper would have met them."),
    ("en", "If Russian conscripts were killed near Chernihiv in Ukraine, that would be a breach of the law."),
    ("en", "Were Russian conscripts taken prisoner in Ukraine near Kharkiv? Nobody knows."),
    ("en", "We retract our report that Russian conscripts were wounded in Ukraine near Izium on 3 June 2022."),
    ("en", "Correction: our report that conscripts were killed in Ukraine near Izium has been withdrawn."),
    ("en", "In a novel, Russian conscripts are wounded in Ukraine near Izium; this paper has met the author."),
    ("en", "The Kremlin, asked about conscripts in Ukraine, has not said how many young soldiers are missing."),
    ("nl", "Waren er dienstplichtigen bij Izjoem in Oekraïne gewond geraakt, dan had deze krant hen gesproken."),
    ("nl", "Wij trekken ons bericht in dat dienstplichtigen bij Izjoem in Oekraïne gewond raakten."),
    ("nl", "Het Kremlin heeft niet gezegd hoeveel jonge dienstplichtigen in Oekraïne worden vermist."),
    ("ru", "Если бы срочники были ранены под Изюмом в Украине, наша газета встретила бы их."),
    ("ru", "Мы отзываем наше сообщение о том, что срочники были ранены под Изюмом в Украине."),
    ("ru", "Кремль не сообщил, сколько срочников пропали без вести в Украине."),
    ("uk", "Якби строковики були поранені під Ізюмом, наша газета зустріла б їх."),
    ("uk", "Ми відкликаємо наше повідомлення про те, що строковики були поранені під Ізюмом."),
    ("uk", "Кремль не сказав, скільки строковиків зникли безвісти в Україні."),
    ("de", "Wären Wehrpflichtige bei Isjum in der Ukraine verwundet worden, hätte diese Zeitung sie getroffen."),
    ("de", "Wir ziehen unseren Bericht zurück, dass Wehrpflichtige bei Isjum in der Ukraine verwundet wurden."),
    ("de", "Der Kreml hat nicht gesagt, wie viele Wehrpflichtige in der Ukraine vermisst werden."),
    ("fr", "Si des conscrits avaient été blessés en Ukraine près d'Izioum, ce journal les aurait rencontrés."),
    ("fr", "Nous retirons notre article selon lequel des conscrits ont été blessés en Ukraine près d'Izioum."),
    ("fr", "Le Kremlin n'a pas dit combien de conscrits sont portés disparus en Ukraine."),
]
UNVERIFIED = [
    ("en", "This paper could not confirm that Russian conscripts were wounded in Ukraine near Izium on 3 June 2022."),
    ("en", "Our monitors were unable to verify that Russian conscripts were taken prisoner near Kharkiv in Ukraine."),
    ("en", "We have not been able to establish whether Russian conscripts were killed near Chernihiv in Ukraine."),
    ("nl", "Deze krant kon niet bevestigen dat dienstplichtigen bij Izjoem in Oekraïne gewond raakten."),
    ("nl", "Onbevestigd: Russische dienstplichtigen raakten op 3 juni 2022 bij Izjoem in Oekraïne gewond."),
    ("ru", "Редакция не смогла подтвердить, что срочники были ранены под Изюмом в Украине."),
    ("ru", "Проверить сообщения о раненых под Изюмом в Украине срочниках нам не удалось."),
    ("uk", "Редакція не змогла підтвердити, що строковики були поранені під Ізюмом."),
    ("de", "Diese Zeitung konnte nicht bestätigen, dass Wehrpflichtige bei Isjum in der Ukraine verwundet wurden."),
    ("fr", "Ce journal n'a pas pu confirmer que des conscrits ont été blessés en Ukraine près d'Izioum."),
]
DISPROVED = [
    (
        "en",
        "A minister denied that conscripts are sent to Ukraine; we verified the names of six who died there.",
    ),
    ("en", "No conscripts are in Ukraine, the Kremlin claimed, but mothers buried two of them."),
    (
        "nl",
        "Een minister ontkende dat dienstplichtigen naar Oekraïne worden gestuurd; wij controleerden de namen van "
        "zes die daar sneuvelden.",
    ),
    ("nl", "Er zijn geen dienstplichtigen in Oekraïne, beweerde het Kremlin, maar moeders begroeven er twee."),
    (
        "ru",
        "Министр отрицал, что срочников отправляют в Украину; мы проверили имена шестерых, которые там погибли.",
    ),
    ("ru", "Срочников в Украине нет, утверждал Кремль, но матери похоронили двоих из них."),
    (
        "uk",
        "Міністр заперечував, що строковиків відправляють в Україну; ми перевірили імена шістьох, які там загинули.",
    ),
    ("uk", "Строковиків в Україні немає, стверджував Кремль, але матері поховали двох із них."),
    (
        "de",
        "Ein Minister bestritt, dass Wehrpflichtige in die Ukraine geschickt werden; wir überprüften die Namen von "
        "sechs, die dort gefallen sind.",
    ),
    ("de", "In der Ukraine seien keine Wehrpflichtigen, behauptete der Kreml, aber Mütter begruben zwei von ihnen."),
    (
        "fr",
        "Un ministre a nié que des conscrits soient envoyés en Ukraine ; nous avons vérifié les noms de six d'entre "
        "eux qui y sont morts.",
    ),
    ("fr", "Aucun conscrit n'est en Ukraine, affirmait le Kremlin, mais des mères en ont enterré deux."),
]
AGAINST = [
    ("en", "The ministry says no conscripts are in Ukraine. Human rights workers, however, report fallen conscripts."),
    (
        "nl",
        "Volgens het ministerie zijn er geen dienstplichtigen in Oekraïne. Activisten melden daarentegen gesneuvelden.",
    ),
    ("ru", "По словам министерства, срочников в Украине нет. Правозащитники же сообщают о погибших."),
    ("uk", "За словами міністерства, строковиків в Україні немає. Правозахисники натомість повідомляють про загиблих."),
    (
        "de",
        "Das Ministerium versichert, es seien keine Wehrpflichtigen in der Ukraine. Menschenrechtler berichten "
        "dagegen von Gefallenen.",
    ),
    (
        "fr",
        "Le ministère assure qu'aucun conscrit n'est en Ukraine. Des défenseurs des droits humains font en revanche "
        "état de morts.",
    ),
]
FORCED = [
    ("en", "The conscript was forced to sign a contract and sent to Avdiivka a week later."),
    ("nl", "De dienstplichtige werd gedwongen een contract te tekenen en een week later naar Avdiivka gestuurd."),
    ("ru", "Срочника заставили подписать контракт, а через неделю отправили под Авдеевку."),
    ("uk", "Строковика змусили підписати контракт, а за тиждень відправили під Авдіївку."),
    (
        "de",
        "Der Wehrpflichtige wurde gezwungen, einen Vertrag zu unterschreiben, und eine Woche später nach Awdijiwka "
        "geschickt.",
    ),
    ("fr", "Le conscrit a été forcé de signer un contrat et envoyé à Avdiïvka une semaine plus tard."),
]
DOUBTS = [
    *((lang, "refutes", text) for lang, text in DEBUNKED),
    *((lang, "none", text) for lang, text in NOTHING),
    *((lang, "mixed", text) for lang, text in UNVERIFIED),
    *((lang, "supports", text) for lang, text in (*DISPROVED, *FORCED)),
    *((lang, "mixed", text) for lang, text in AGAINST),
]
HEARSAY = [
    ("en", "Russian conscripts were reportedly killed in fighting near Chernihiv in Ukraine on 1 June 2022."),
    ("en", "Russian conscripts were allegedly taken prisoner outside Kharkiv in Ukraine on 2 June 2022."),
    ("en", "Russian conscripts were apparently wounded near Izium in Ukraine on 31 May 2022."),
    ("en", "It is said that Russian conscripts were taken prisoner outside Kharkiv in Ukraine on 2 June 2022."),
    ("nl", "Russische dienstplichtigen zouden op 1 juni 2022 bij Tsjernihiv in Oekraïne zijn gesneuveld."),
    ("nl", "Naar verluidt zijn op 2 juni 2022 bij Charkov in Oekraïne dienstplichtigen krijgsgevangen gemaakt."),
    ("ru", "Российские срочники якобы погибли под Черниговом в Украине 1 июня 2022 года."),
    ("ru", "По некоторым данным, срочники взяты в плен под Харьковом в Украине 2 июня 2022 года."),
    ("ru", "Сообщается, что срочники ранены под Изюмом в Украине 3 июня 2022 года."),
    ("uk", "Російські строковики нібито загинули під Черніговом 1 червня 2022 року."),
    ("uk", "За деякими даними, строковики потрапили в полон під Харковом 2 червня 2022 року."),
    ("de", "Angeblich sind am 1. Juni 2022 Wehrpflichtige bei Tschernihiw in der Ukraine gefallen."),
    ("de", "Am 2. Juni 2022 sollen Wehrpflichtige bei Charkiw in der Ukraine gefangen genommen worden sein."),
    ("fr", "Des conscrits auraient été tués près de Tchernihiv en Ukraine le 1er juin 2022."),
    ("fr", "Selon certaines informations, des conscrits ont été tués près de Tchernihiv en Ukraine le 1er juin 2022."),
]
OWN = [
    ("en", "On 2 June 2022 our monitors saw Russian conscripts taken prisoner outside Kharkiv in Ukraine."),
    ("en", "This paper has met Russian conscripts wounded in Ukraine near Izium on 3 June 2022."),
    ("nl", "Onze verslaggever zag op 2 juni 2022 bij Charkov in Oekraïne gevangen dienstplichtigen."),
    ("ru", "Наш корреспондент видел 2 июня 2022 года под Харьковом в Украине пленных срочников."),
    ("uk", "Наш кореспондент бачив 2 червня 2022 року під Харковом полонених строковиків."),
    ("de", "Unser Reporter sah am 2. Juni 2022 bei Charkiw in der Ukraine gefangene Wehrpflichtige."),
    ("fr", "Notre reporter a vu le 2 juin 2022 près de Kharkiv en Ukraine des conscrits faits prisonniers."),
]
PLAIN = [
    ("en", "Russian conscripts were killed in fighting near Chernihiv in Ukraine on 1 June 2022."),
    ("nl", "Op 1 juni 2022 sneuvelden dienstplichtigen bij Tsjernihiv in Oekraïne."),
    ("ru", "Срочники погибли под Черниговом в Украине 1 июня 2022 года."),
    ("uk", "Строковики загинули під Черніговом 1 червня 2022 року."),
    ("de", "Am 1. Juni 2022 fielen Wehrpflichtige bei Tschernihiw in der Ukraine."),
    ("fr", "Le 1er juin 2022, des conscrits ont été tués près de Tchernihiv en Ukraine."),
]
TOLD = [
    ("en", "A mother told our monitors that her conscript son was killed in Ukraine near Izium."),
    (
        "nl",
        "Een moeder vertelde onze verslaggever dat haar zoon, een dienstplichtige, bij Izjoem in Oekraïne sneuvelde.",
    ),
    ("ru", "Мать рассказала нашему корреспонденту, что ее сын, срочник, погиб под Изюмом в Украине."),
    ("uk", "Мати розповіла нашому кореспонденту, що її син, строковик, загинув під Ізюмом."),
    ("de", "Eine Mutter sagte unserem Reporter, dass ihr Sohn, ein Wehrpflichtiger, bei Isjum in der Ukraine fiel."),
    ("fr", "Une mère a dit à notre reporter que son fils, un conscrit, a été tué en Ukraine près d'Izioum."),
]
