"""One wire text as twenty outlets print it, in translation, quoted by a country report; and what only looks like it."""

from dataclasses import dataclass

WIRE = (
    "Forty-one conscripts of the garrison at Kamenka were put on buses on the evening of 3 March and driven south.",
    "None of them had signed a contract, say the parents of nineteen of the men.",
    "The buses stopped at a railway yard outside Valuyki, where the men were handed rifles of an old type.",
    "Officers collected their telephones in a plastic crate and promised to return them within a week.",
    "Ludmila Sorokina, a school librarian from Vyborg, recognised her son Anton in a video that appeared on 9 March.",
    "He sat on the floor of a gymnasium with six others and gave his name and his date of birth.",
    "Sorokina rang the garrison fourteen times and was told that nobody of that name served there.",
    "A clerk who answered on 11 March said the lists were being checked and hung up.",
    "The district prosecutor received 27 complaints in the second week of March alone.",
    "Deputy prosecutor Gleb Arsenyev wrote to the families that no violation had been found.",
    "His letter bears the number 118 and was posted in Saint Petersburg on 16 March.",
    "Two days later a colonel visited the parents in the hall of a technical college.",
    "He read out the names of eleven men who, he said, had been taken back across the border.",
    "The parents were asked to hand in their telephones before the meeting began.",
    "One father, a crane driver, refused and was led out by two military policemen.",
    "The remaining thirty families still do not know where their sons are.",
    "A list kept by the soldiers' mothers in Vyborg gives the age of each of the missing.",
    "The youngest had turned eighteen in January and was drafted in the autumn before.",
    "The oldest had finished a degree in forestry and was to be discharged in June.",
    "Lawyer Raisa Kuznetsova advises the families to send registered letters to three offices at once.",
    "She says that a soldier without a contract cannot lawfully be ordered out of the country.",
    "The garrison command left a list of questions unanswered.",
    "On the fence of the barracks somebody has tied forty-one white ribbons.",
    "The guard takes them down in the morning, and in the evening they are back.",
    "Sorokina says she will go on ringing until somebody gives her son the telephone.",
)
TEXT = " ".join(WIRE)
DUTCH = (
    "Eenenveertig dienstplichtigen van het garnizoen in Kamenka werden op de avond van 3 maart in bussen gezet en naar "
    "het zuiden gereden. Niemand van hen had een contract getekend, zeggen de ouders van negentien mannen. "
    "De bussen stopten bij een spoorwegemplacement buiten Valuyki, waar de mannen geweren van een oud type kregen. "
    "Officieren verzamelden hun telefoons in een plastic krat en beloofden die binnen een week terug te geven. "
    "Ljoedmila Sorokina, schoolbibliothecaresse uit Vyborg, herkende haar zoon Anton in een video van 9 maart. "
    "Hij zat met zes anderen op de vloer van een gymzaal en noemde zijn naam en zijn geboortedatum. "
    "Sorokina belde het garnizoen veertien keer en kreeg te horen dat daar niemand van die naam diende. "
    "De districtsaanklager kreeg in de tweede week van maart alleen al 27 klachten. "
    "Plaatsvervangend aanklager Gleb Arsenjev schreef de families dat er geen overtreding was gevonden. "
    "Zijn brief draagt nummer 118 en werd op 16 maart in Sint-Petersburg gepost. "
    "Advocate Raisa Koeznetsova raadt de families aan aangetekende brieven aan drie kantoren tegelijk te sturen."
)
RUSSIAN = (
    "Сорок одного срочника из гарнизона в Каменке вечером 3 марта посадили в автобусы и повезли на юг. "
    "Никто из них не подписывал контракт, говорят родители девятнадцати солдат. "
    "Автобусы остановились у железнодорожной станции под Валуйками, где солдатам выдали винтовки старого образца. "
    "Офицеры собрали телефоны в пластиковый ящик и обещали вернуть их через неделю. "
    "Людмила Сорокина, школьный библиотекарь из Выборга, узнала сына Антона на видео, появившемся 9 марта. "
    "Он сидел на полу спортзала вместе с шестью другими и называл своё имя и дату рождения. "
    "Сорокина звонила в гарнизон четырнадцать раз, и ей отвечали, что такой там не служит. "
    "Окружная прокуратура только за вторую неделю марта получила 27 жалоб. "
    "Заместитель прокурора Глеб Арсеньев написал семьям, что нарушений не выявлено. "
    "Его письмо имеет номер 118 и отправлено из Санкт-Петербурга 16 марта."
)
# Other witnesses of the same event: what they know, they know themselves (method §3 rule 6).
WITNESS_RU = (
    "Жители дома напротив гарнизона в Каменке видели, как вечером 3 марта к воротам подъехали автобусы. "
    "Пенсионер Виктор Лаптев насчитал сорок одного человека и записал номера машин. "
    "Продавщица магазина Оксана Демидова рассказала, что солдаты купили у неё весь хлеб и сигареты. "
    "По её словам, один из них попросил позвонить сестре в Тихвин. "
    "Сестра, Марина Зуева, подтвердила нам этот звонок и показала сообщение с незнакомого номера. "
    "С тех пор от брата нет вестей, а в военкомате ей посоветовали ждать писем. "
    "В гарнизоне на наши вопросы ответить отказались."
)
WITNESS_EN = (
    "Drivers of a bus company in Priozersk say they were hired on 3 March to carry soldiers from Kamenka. "
    "Pavel Yudin, who drove the second bus, counted forty-one passengers and was paid in cash. "
    "He left them at a railway yard and was told to forget the trip. "
    "His colleague Timur Aliyev kept the waybill, which we have seen; it names a unit and 14 litres of fuel. "
    "The company's owner, Nina Rogova, says the army still owes her for two journeys. "
    "A stoker at the yard remembers a goods train with covered wagons that left at 4.40 in the morning."
)
REPORT = """General report on conscripts

The reporting period runs from January to June. The ministry spoke with lawyers and with relatives.
In March conscripts of one garrison were taken to the border region without a contract.[1] Relatives received no
information on their whereabouts.[1] The age limit for conscription was not changed in the reporting period.[2]
According to a lawyer whom the ministry interviewed, families write to several offices at once.[3]
In the north of the country no such case became known to the ministry in the reporting period.

Notes
[1] Kamenka Wire, 'Parents look for forty-one conscripts', 20 March 2022, https://wire.example/41
[2] Gazette of Laws, 'Register of amendments', 2 June 2022, https://gazette.example/register?nr=7
[3] Confidential interview, 5 May 2022.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """How one outlet prints the wire: under which headline, with which words, on which day of March 2022."""

    name: str
    title: str
    text: str
    day: int
    lang: str = "en"
    links: tuple[str, ...] = ()


LOCAL = (
    "In our town the council had a monument to the border guards cleaned last week. Mayor Tapio Lehtonen said that the "
    "ceremony will be held without guests this year, as the ferry does not run."
)
COUNTED = "Families search for their sons"
OUTLETS = (
    Outlet(name="Kamenka Wire", title="Parents look for forty-one conscripts", text=TEXT, day=20),
    *(Outlet(name=f"Verbatim {n}", title="Parents look for forty-one conscripts", text=TEXT, day=20) for n in range(5)),
    *(Outlet(name=f"Headline {n}", title=f"{COUNTED}, {n}", text=f"{COUNTED}.\n\n{TEXT}", day=21) for n in range(3)),
    *(Outlet(name=f"Short {n}", title=COUNTED, text=" ".join(WIRE[: 8 + 3 * n]), day=21) for n in range(4)),
    *(
        Outlet(
            name=f"Lead {n}", title=COUNTED, day=21,
            text=f"Weeks after {said}, many parents wait for a sign of life.\n\n" + " ".join(WIRE[2:]),
        )
        for n, said in enumerate(("buses left a garrison", "the telephones fell silent", "a night in March"))
    ),
    *(Outlet(name=f"Local {n}", title=COUNTED, text=f"{TEXT}\n\n{LOCAL}", day=22) for n in range(2)),
    Outlet(name="Marked", title=COUNTED, text=f"VYBORG (Kamenka Wire) - {' '.join(WIRE[:20])}", day=22),
    Outlet(name="Vertaald Nieuws", title="Ouders zoeken eenenveertig dienstplichtigen", text=DUTCH, day=21, lang="nl"),
)  # fmt: skip
QUOTES = Outlet(
    name="Essay", title="On waiting", day=25,
    text="Waiting is a trade that nobody learns. My grandmother waited for a letter from the front for eleven years. "
    "She kept the lamp in the window, and the neighbours thought that she was mad. "
    + " ".join(WIRE[22:25])
    + " Whoever passes a barracks fence in any country should look for ribbons. A poet of the siege wrote that hope is "
    "the last bread to be rationed. I have read that line aloud in three schools, and each time a child asked me what "
    "a ration is. We have forgotten the words that we will need.",
)  # fmt: skip
