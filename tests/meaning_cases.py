"""Own questions and the passage that answers each: (language of the question, question, language, passage)."""

PAIRS = [
    (
        "nl",
        "Kan een gewetensbezwaarde vervangende dienst doen in een ziekenhuis?",
        "ru",
        "Гражданин, чьи убеждения противоречат военной службе, вправе проситься на альтернативную службу; чаще всего "
        "таких людей направляют санитарами в больницы и интернаты.",
    ),
    (
        "en",
        "What is the age limit for being drafted?",
        "ru",
        "Призыву подлежат мужчины в возрасте от 18 до 30 лет; раньше верхней границей были 27 лет.",
    ),
    (
        "nl",
        "Welke straf staat er op het verlaten van de eenheid?",
        "ru",
        "За самовольное оставление части в период мобилизации суд назначил рядовому шесть лет колонии общего режима.",
    ),
    (
        "en",
        "Can a man leave the country after he has received a summons?",
        "ru",
        "Тому, кто получил повестку, с этого дня закрыт выезд за границу: на паспортном контроле его развернут.",
    ),
    (
        "nl",
        "Worden studenten vrijgesteld van de dienstplicht?",
        "ru",
        "Студентам очной формы дают отсрочку до окончания университета, аспирантам — ещё на три года.",
    ),
    (
        "en",
        "Do mothers search for their missing sons in the army?",
        "ru",
        "Матери пропавших солдат вторую неделю ездят по моргам и госпиталям Ростова, но командование им не отвечает.",
    ),
    (
        "nl",
        "Worden mensen vervolgd die kritiek op de oorlog hebben op sociale media?",
        "ru",
        "Учительницу оштрафовали за антивоенную запись во «ВКонтакте»; за второй пост завели уголовное дело.",
    ),
    (
        "en",
        "Are men taken from the street to the recruitment office?",
        "uk",
        "Чоловіків зупиняють просто на вулиці, саджають у мікроавтобус і везуть до військкомату.",
    ),
    (
        "nl",
        "Hoe behandelt de rechter deserteurs?",
        "uk",
        "Суд засудив солдата, який дезертирував зі своєї частини, до п'яти років позбавлення волі.",
    ),
    (
        "en",
        "Is torture used against prisoners of war?",
        "uk",
        "Колишні військовополонені розповіли, що їх били струмом і тижнями не давали спати.",
    ),
    (
        "nl",
        "Is de grens gesloten voor mannen van dienstplichtige leeftijd?",
        "uk",
        "Чоловікам віком від 18 до 60 років заборонено перетинати державний кордон.",
    ),
    (
        "en",
        "Can someone pay a bribe to avoid military service?",
        "uk",
        "За довідку про непридатність лікар військово-лікарської комісії брав хабар у вісім тисяч доларів.",
    ),
    (
        "nl",
        "Krijgen Russische deserteurs asiel in Duitsland?",
        "de",
        "Das Verwaltungsgericht verpflichtete das Bundesamt, einem russischen Fahnenflüchtigen Schutz zu gewähren.",
    ),
    (
        "en",
        "How are homosexual men treated in the army?",
        "de",
        "Schwule Soldaten berichten von Schlägen, Erpressung und Spott in der Kaserne; kaum einer zeigt das an.",
    ),
    (
        "nl",
        "Zijn de gevangenissen overvol?",
        "de",
        "In den Haftanstalten teilen sich bis zu zwanzig Männer eine Zelle, die für acht gebaut ist.",
    ),
    (
        "en",
        "Does the government recruit convicts for the war?",
        "fr",
        "Dans les colonies pénitentiaires, des recruteurs promettent la grâce aux détenus qui acceptent de combattre.",
    ),
    (
        "nl",
        "Mogen Jehova's getuigen hun geloof belijden?",
        "fr",
        "Les Témoins de Jéhovah sont interdits comme organisation extrémiste; des fidèles sont condamnés pour des "
        "prières.",
    ),
    (
        "en",
        "How much are soldiers paid for signing a contract?",
        "fr",
        "La région verse une prime de deux millions de roubles à celui qui s'engage, à laquelle s'ajoute la solde.",
    ),
    (
        "nl",
        "Kunnen journalisten vrij berichten?",
        "en",
        "Three reporters were labelled foreign agents this month, and the last independent newspaper lost its licence.",
    ),
    (
        "nl",
        "Worden reservisten opnieuw opgeroepen?",
        "en",
        "Men who finished their service years ago were told to report again within three days for refresher training.",
    ),
]

# Written after the list of Ukrainian words was closed: what the list does for texts it was not made for.
UKRAINIAN = [
    (
        "en",
        "Do parents get the body of a dead soldier back?",
        "uk",
        "Тіло загиблого віддали матері аж через чотири місяці, у закритій труні.",
    ),
    (
        "nl",
        "Zitten mensen vast zonder proces?",
        "uk",
        "Його тримали в підвалі комендатури сорок днів без жодного обвинувачення.",
    ),
    (
        "en",
        "Are priests allowed to refuse to fight because of their faith?",
        "uk",
        "Пастор баптистської церкви відмовився брати до рук зброю; суд дав йому три роки умовно.",
    ),
    (
        "nl",
        "Moeten kinderen op school de oorlog steunen?",
        "uk",
        "Школярів змушують писати листи солдатам і ходити на уроки патріотизму.",
    ),
    (
        "en",
        "How many men fled abroad?",
        "uk",
        "За рік за кордон втекло щонайменше двадцять тисяч чоловіків призовного віку.",
    ),
    (
        "nl",
        "Worden vrouwen ook gemobiliseerd?",
        "uk",
        "Жінок-медиків зобов'язали стати на військовий облік, проте на фронт їх поки не беруть.",
    ),
    (
        "en",
        "Was the village shelled?",
        "uk",
        "Уночі село обстріляли з артилерії, згоріло шість будинків.",
    ),
    (
        "nl",
        "Krijgen gewonde soldaten medische zorg?",
        "uk",
        "Поранених лікують у переповненому госпіталі, ліків не вистачає.",
    ),
]
