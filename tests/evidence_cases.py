"""Own passages with the stance a careful reader gives them: (language, stance, text)."""

CASES = [
    (
        "en",
        "supports",
        "A court file seen by this outlet shows that two men from the spring draft were killed near Kreminna in June.",
    ),
    (
        "en",
        "supports",
        "Despite repeated assurances from Moscow, the lists of the dead name fourteen conscripts who fell in Ukraine.",
    ),
    (
        "en",
        "supports",
        "The ministry admitted that a number of conscripts had taken part in the operation in Ukraine.",
    ),
    (
        "en",
        "supports",
        "He had been in the army for four months when a lieutenant signed the paper for him; a week later he "
        "was fighting outside Bakhmut.",
    ),
    (
        "en",
        "supports",
        "Conscripts are regularly sent to occupied Luhansk to guard depots, lawyers who represent them told us.",
    ),
    ("en", "refutes", "The spokesman said that no conscripts are being sent to Ukraine."),
    (
        "en",
        "refutes",
        "Conscripts drafted this autumn will not be sent to the zone of the special military operation, the "
        "defence minister said.",
    ),
    (
        "en",
        "refutes",
        "The tribunal found no reliable evidence that conscripts were deployed in Ukraine after May 2022.",
    ),
    ("en", "refutes", "A video said to show draftees at the front turned out to be false: the men were volunteers."),
    (
        "en",
        "refutes",
        "Our monitors recorded no case of a conscript serving in the occupied territories during the spring.",
    ),
    (
        "en",
        "mixed",
        "Officials deny that conscripts fight in Ukraine, but families have received coffins from Kherson.",
    ),
    ("en", "mixed", "There is no reliable information on the extent to which conscripts are deployed in Ukraine."),
    ("en", "mixed", "It remains unclear how many draftees, if any, were sent across the border into Ukraine."),
    (
        "en",
        "mixed",
        "Conscripts were sent to Ukraine in the first days of the invasion; most have since been withdrawn.",
    ),
    (
        "en",
        "none",
        "Conscripts have been posted to the Kursk region, where several were captured after the Ukrainian incursion.",
    ),
    ("en", "none", "Young men fear that they will be sent to Ukraine once they have been drafted."),
    ("en", "none", "The draft will start on 1 April and 147,000 men will be called up."),
    ("en", "none", "Mobilised men were sent to Donbas without training; conscripts were told to clean the barracks."),
    ("en", "none", "He was threatened with being sent to the front if he refused to sign a contract."),
    ("en", "none", "Conscripts who avoid service risk up to two years in prison under article 328."),
    ("nl", "supports", "Volgens nabestaanden zijn drie dienstplichtigen uit Pskov in april gesneuveld bij Izjoem."),
    (
        "nl",
        "supports",
        "Ondanks de ontkenningen uit Moskou noemen de dodenlijsten veertien dienstplichtigen die in Oekraïne "
        "zijn gesneuveld.",
    ),
    ("nl", "refutes", "De woordvoerder verklaarde dat er geen dienstplichtigen naar Oekraïne worden gestuurd."),
    (
        "nl",
        "refutes",
        "Dienstplichtigen zullen niet worden ingezet in het gebied van de speciale militaire operatie, aldus "
        "de minister.",
    ),
    ("nl", "mixed", "Het is onduidelijk in hoeverre dienstplichtigen in Oekraïne worden ingezet."),
    (
        "nl",
        "mixed",
        "Het ministerie ontkent dat dienstplichtigen in Oekraïne vechten, maar ouders melden dat hun zonen "
        "bij Cherson gewond raakten.",
    ),
    ("nl", "none", "Dienstplichtigen bewaken de grens bij Belgorod en raakten daar gewond bij een beschieting."),
    ("nl", "none", "Dienstplichtigen vrezen dat zij naar het front worden gestuurd."),
    ("nl", "none", "Wie niet tekende, kreeg te horen dat hij naar Oekraïne zou worden gestuurd."),
    (
        "ru",
        "supports",
        "Несмотря на заверения властей, среди погибших под Изюмом оказались срочники весеннего призыва.",
    ),
    ("ru", "supports", "Срочников отправили на Украину под видом учений, рассказали их родители."),
    ("ru", "supports", "Минобороны признало, что срочники участвовали в боевых действиях на Украине."),
    ("ru", "refutes", "Призывники не участвуют в специальной военной операции, заявил Шойгу."),
    ("ru", "refutes", "Срочники осеннего призыва не будут направлены в зону спецоперации, сообщили в Генштабе."),
    ("ru", "refutes", "Слухи об отправке призывников на фронт оказались ложными."),
    ("ru", "mixed", "Неизвестно, сколько срочников отправили на Украину и были ли такие случаи вообще."),
    (
        "ru",
        "mixed",
        "В Кремле отрицают участие призывников в войне, но родственники рассказывают о погибших под Херсоном "
        "срочниках.",
    ),
    ("ru", "none", "Срочники охраняют границу в Белгородской области, двое ранены при обстреле."),
    ("ru", "none", "Родители боятся, что их сыновей-срочников отправят на Украину."),
    ("ru", "none", "Призывника оштрафовали за неявку в военкомат."),
    ("uk", "refutes", "У Кремлі заявили, що строковики не беруть участі у війні в Україні."),
    ("uk", "supports", "Строковиків відправили в Україну під виглядом навчань, розповіли батьки полонених."),
    ("uk", "none", "Строковики охороняють кордон у Бєлгородській області."),
    ("uk", "mixed", "Невідомо, скільки строковиків воює в Україні."),
    ("de", "supports", "Drei Wehrpflichtige aus Pskow sind im April bei Isjum in der Ukraine gefallen."),
    ("de", "refutes", "Der Minister erklärte, Wehrpflichtige würden nicht in die Ukraine geschickt."),
    ("de", "mixed", "Es ist unklar, in welchem Umfang Wehrpflichtige in der Ukraine eingesetzt werden."),
    ("de", "none", "Wehrpflichtige befürchten, in die Ukraine geschickt zu werden."),
    ("fr", "supports", "Des appelés ont été envoyés en Ukraine dès mars, selon leurs familles."),
    ("fr", "refutes", "Le ministre affirme qu'aucun appelé n'est envoyé en Ukraine."),
    ("fr", "mixed", "On ignore dans quelle mesure les appelés sont déployés en Ukraine."),
    ("fr", "none", "Les conscrits craignent d'être envoyés en Ukraine."),
    (
        "en",
        "supports",
        "Among the bodies exchanged in November were those of three nineteen-year-olds who had been drafted "
        "that spring. All three had died in a trench outside Svatove, their unit's chaplain confirmed.",
    ),
    (
        "en",
        "supports",
        "A mother from Buryatia recognised her son, a conscript of the 2021 autumn intake, in footage of "
        "prisoners filmed in Kharkiv region. The garrison had told her he was on exercises.",
    ),
    (
        "en",
        "refutes",
        "According to the country report, there were no indications in the reporting period that men doing "
        "military service had been ordered across the border. Sources attributed earlier cases to errors in "
        "the first weeks.",
    ),
    (
        "en",
        "mixed",
        "The Defence Minister has repeatedly stated that conscripts do not take part in the operation. Human "
        "rights lawyers, by contrast, say they represent four conscripts who were wounded in the Luhansk "
        "region.",
    ),
    (
        "en",
        "none",
        "Conscripts serving on the border with Ukraine in Belgorod region have come under mortar fire on "
        "several occasions, and two were killed in June.",
    ),
    (
        "en",
        "none",
        "The commissariat told him that he would spend his year in a railway battalion in Siberia. He "
        "nevertheless feared that he would end up in Ukraine and crossed into Kazakhstan.",
    ),
    (
        "en",
        "none",
        "Russian conscripts serve twelve months and may not by law be sent to a combat zone before they have "
        "completed four months of training.",
    ),
    (
        "en",
        "supports",
        "Two sailors in their compulsory year went down with the ship in the Black Sea; their parents "
        "learned of it from a list on the internet.",
    ),
    (
        "en",
        "none",
        "Draft officers raided a fitness club in Moscow and took thirty men of military age to the recruitment centre.",
    ),
    (
        "en",
        "mixed",
        "Sources are contradictory as to whether national servicemen are used in the occupied territories: "
        "some speak of guard duty at depots, others of no presence at all.",
    ),
    (
        "nl",
        "supports",
        "Een dienstplichtige uit Toela vertelde dat zijn eenheid zonder uitleg de grens over werd gereden en "
        "weken bij Charkov heeft gevochten.",
    ),
    (
        "nl",
        "refutes",
        "Het ambtsbericht vermeldt dat in de verslagperiode geen gevallen bekend zijn geworden van "
        "dienstplichtigen die in Oekraïne zijn ingezet.",
    ),
    (
        "nl",
        "mixed",
        "Volgens de autoriteiten nemen dienstplichtigen niet deel aan de operatie. Toch zijn volgens een "
        "mensenrechtenorganisatie minstens zes van hen omgekomen bij Cherson.",
    ),
    (
        "nl",
        "none",
        "Eiser voert aan dat hij na zijn opleiding naar het front zal worden gestuurd. De rechtbank acht dat "
        "niet aannemelijk gemaakt.",
    ),
    (
        "nl",
        "none",
        "Dienstplichtigen worden onder druk gezet om een contract te tekenen; wie weigert, krijgt corvee en "
        "verliest zijn verlof.",
    ),
    (
        "nl",
        "supports",
        "Het Russische ministerie van Defensie gaf toe dat er dienstplichtigen in Oekraïne waren aangetroffen.",
    ),
    (
        "ru",
        "supports",
        "Двадцатилетний срочник из Читы провёл в украинском плену четыре месяца; контракт за него подписал командир.",
    ),
    (
        "ru",
        "refutes",
        "Комитет солдатских матерей не получал жалоб на отправку призывников в зону боевых действий, случаев "
        "такого рода не выявлено.",
    ),
    (
        "ru",
        "mixed",
        "Депутат заверил, что срочников на передовой нет. Между тем редакции известны имена семи "
        "призывников, погибших под Изюмом.",
    ),
    (
        "ru",
        "none",
        "Срочников перебросили в Курскую область охранять границу, после прорыва несколько человек попали в плен.",
    ),
    ("ru", "none", "Призывникам угрожают отправкой на фронт, если они не подпишут контракт."),
    ("ru", "none", "Весенний призыв начался 1 апреля, в армию планируют призвать 147 тысяч человек."),
    ("ru", "supports", "Роту срочников ночью вывезли под Харьков, из восьмидесяти человек вернулись тридцать."),
    ("uk", "supports", "Серед загиблих на Харківщині російських військових — двоє строковиків, призваних восени."),
    ("uk", "refutes", "Російське міноборони запевняє, що строковики в так званій спецоперації участі не беруть."),
    (
        "uk",
        "mixed",
        "Кремль заперечує участь строковиків, але в полоні під Черніговом опинилися щонайменше вісім із них.",
    ),
    ("de", "supports", "Nach Angaben ihrer Mütter wurden vier Wehrpflichtige im März bei Charkiw gefangen genommen."),
    (
        "de",
        "refutes",
        "Hinweise auf einen Einsatz von Grundwehrdienstleistenden in der Ukraine liegen dem Bundesamt nicht vor.",
    ),
    (
        "de",
        "mixed",
        "Moskau bestreitet den Einsatz von Wehrpflichtigen, doch mehrere Familien berichten von Gefallenen "
        "bei Cherson.",
    ),
    ("de", "none", "Wehrpflichtige sichern die Grenze im Gebiet Kursk."),
    ("fr", "supports", "Trois appelés du contingent ont été capturés près de Kharkiv en mars, selon leurs proches."),
    ("fr", "none", "Les appelés sont affectés à la garde de la frontière dans la région de Belgorod."),
    (
        "en",
        "supports",
        "The hospital in Rostov treated six boys from the spring intake with shrapnel wounds; they said they "
        "had been hit outside Popasna.",
    ),
    (
        "en",
        "supports",
        "Contrary to what the Kremlin says, draftees are rotated through checkpoints in occupied "
        "Zaporizhzhia, three former soldiers told our researchers.",
    ),
    (
        "en",
        "refutes",
        "The court notes that more recent reports no longer mention conscripts being used in combat in "
        "Ukraine, and concludes that this risk has not been shown.",
    ),
    (
        "en",
        "refutes",
        "Parliament's defence spokesman rejected reports that national servicemen had been sent to the front "
        "as an enemy fabrication.",
    ),
    (
        "en",
        "none",
        "Hotline staff say that most callers are parents who are afraid that their sons will be posted to "
        "the war after the oath.",
    ),
    (
        "en",
        "none",
        "Conscripts in the Kursk region were building fortifications when Ukrainian forces crossed the "
        "border; forty of them are missing.",
    ),
    ("en", "none", "From 2024 on, men up to the age of 30 can be drafted for twelve months of compulsory service."),
    (
        "nl",
        "supports",
        "Onder de krijgsgevangenen die Oekraïne toonde, bevonden zich negen jongens die hun dienstplicht vervulden.",
    ),
    (
        "nl",
        "refutes",
        "Volgens de woordvoerder van de generale staf vervullen dienstplichtigen hun dienst uitsluitend op "
        "Russisch grondgebied en nemen zij geen deel aan de gevechten.",
    ),
    (
        "nl",
        "mixed",
        "De minister stelt dat dienstplichtigen niet naar het front gaan. Er zijn echter berichten dat "
        "enkele tientallen van hen in Donetsk zijn gesneuveld.",
    ),
    (
        "nl",
        "none",
        "De wet bepaalt dat dienstplichtigen pas na vier maanden opleiding buiten Rusland mogen worden ingezet.",
    ),
    (
        "nl",
        "none",
        "Hij is in april opgeroepen, heeft zich niet gemeld en vreest vervolging en uitzending naar het front.",
    ),
    (
        "ru",
        "supports",
        "Среди экипажа затонувшего в Чёрном море корабля были срочники, их семьи до сих пор не получили извещений.",
    ),
    ("ru", "supports", "Правозащитники подтвердили гибель двух призывников под Авдеевкой."),
    (
        "ru",
        "refutes",
        "Военный комиссар области заявил журналистам, что ни один призывник на СВО не попадёт и не попадал.",
    ),
    (
        "ru",
        "mixed",
        "Власти утверждают, что срочников на войне нет, однако в плену под Сумами оказались по меньшей мере пятеро.",
    ),
    ("ru", "none", "Солдаты срочной службы в Брянской области попали под обстрел беспилотников."),
    ("ru", "none", "Срочник из Твери пожаловался прокурору на избиения в казарме."),
    ("uk", "supports", "Мати строковика впізнала сина на відео з полоненими, яких взяли під Харковом."),
    ("uk", "none", "Строковикам погрожують відправкою на фронт."),
    (
        "de",
        "supports",
        "Zwei Wehrpflichtige aus Pskow wurden in der Region Luhansk verwundet, wie Angehörige berichten.",
    ),
    (
        "de",
        "mixed",
        "Ob Grundwehrdienstleistende in der Ukraine eingesetzt werden, lässt sich nach Auskunft des "
        "Auswärtigen Amts nicht abschließend beurteilen.",
    ),
    ("fr", "refutes", "Selon l'état-major russe, les appelés ne participent pas aux combats en Ukraine."),
    # Refusal, threat, plan, question and other people's prisoners are no deployment.
    (
        "en",
        "none",
        "During the reporting period there was limited evidence of deserters being prosecuted. "
        "Conscripts and evaders were threatened with detention for refusing to take part in the fighting "
        "in Ukraine.",
    ),
    (
        "en",
        "none",
        "There were isolated cases of evaders who were threatened with detention for refusing to take "
        "part in the fighting in Ukraine.",
    ),
    (
        "en",
        "none",
        "There is limited evidence of deserters being prosecuted, and conscripts were confirmed in some "
        "cases to have refused to take part in the fighting in Ukraine.",
    ),
    ("en", "none", "Lawyers point out that the law only forbids sending conscripts abroad."),
    ("en", "none", "Lawyers say the law only forbids sending conscripts to Ukraine without four months of training."),
    ("en", "none", "Men who refuse to go to Ukraine are called cowards; conscripts hear the same."),
    ("en", "none", "Conscripts who refuse to fight in Ukraine face prosecution."),
    ("en", "none", "Conscripts fear being sent to Ukraine."),
    ("en", "none", "Conscripts could be sent to Ukraine after four months."),
    ("en", "none", "Conscripts may be deployed in Ukraine."),
    ("en", "none", "Conscripts may also be deployed in Ukraine."),
    ("en", "none", "The general staff wants to send conscripts to Ukraine."),
    ("en", "none", "The Kremlin plans to send conscripts to Ukraine."),
    ("en", "none", "Will conscripts be sent to Ukraine?"),
    ("en", "none", "Are conscripts being sent to Ukraine?"),
    ("en", "none", "If conscripts are sent to Ukraine, their mothers will protest."),
    ("en", "none", "Should conscripts be sent to Ukraine, protests would follow."),
    ("en", "none", "Had conscripts been sent to Ukraine, there would have been protests."),
    ("en", "none", "Parents asked whether conscripts were being sent to Ukraine."),
    ("en", "none", "The spring draft has started. Ukraine released twenty mobilised prisoners of war."),
    ("en", "none", "The conscripts stayed at home. Ukraine showed captured North Koreans near Kursk."),
    ("en", "none", "While the autumn draft of conscripts goes on, Ukraine exchanged 60 prisoners of war."),
    ("en", "none", "Ukrainian conscripts were captured near Mariupol; Russia has its own conscripts in barracks."),
    ("en", "none", "Contract soldiers were captured near Kharkiv. Conscripts are called up twice a year."),
    ("en", "none", "Volunteers were killed near Bakhmut, while conscripts guard depots in Siberia."),
    ("en", "none", "Conscription starts on 1 April. Russian troops were killed near Bakhmut."),
    ("en", "none", "North Korean soldiers were sent to Ukraine; conscripts were not mentioned."),
    ("en", "none", "Conscripts were prosecuted for evading service in order not to be sent to Ukraine."),
    ("en", "none", "He evaded conscription because he did not want to fight in Ukraine."),
    ("en", "none", "He evaded conscription to avoid taking part in the war in Ukraine."),
    ("en", "none", "Draft evaders said they were against the war in Ukraine."),
    ("en", "none", "Young men left the country to escape conscription and the war in Ukraine."),
    ("en", "none", "Conscripts risk being sent to Ukraine."),
    ("en", "none", "There are concerns that conscripts are being sent to Ukraine."),
    ("en", "none", "Conscripts are under pressure to sign contracts to fight in Ukraine."),
    ("en", "none", "The officer confirmed that some conscripts had been told to sign contracts to fight in Ukraine."),
    ("en", "none", "A conscript was convicted of refusing to fight in Ukraine."),
    ("en", "none", "Conscripts who oppose being sent to Ukraine can ask for alternative service."),
    ("en", "none", "A conscript was threatened that he would be sent to Ukraine."),
    ("en", "none", "The commander ordered conscripts to prepare to be sent to Ukraine."),
    ("en", "none", "A bill would allow conscripts to be sent to Ukraine."),
    ("en", "none", "Conscripts are likely to be deployed to Ukraine."),
    ("en", "none", "The soldier, who had deserted from Ukraine, had once been a conscript."),
    ("en", "supports", "Russian conscripts were sent to the Kharkiv region in Ukraine in June 2022."),
    ("en", "supports", "Conscripts of a unit in Belgorod were sent to the Kharkiv region."),
    ("en", "supports", "Conscripts were taken to the Kherson region to fight."),
    ("en", "supports", "Conscripts who refused to sign a contract were nevertheless sent to Ukraine."),
    (
        "en",
        "supports",
        "Several conscripts were sent to Ukraine; those who refused to fight were threatened with prison.",
    ),
    ("en", "supports", "The ministry admitted that conscripts had taken part in the fighting in Ukraine."),
    ("en", "supports", "Two conscripts captured near Kharkiv were exchanged."),
    ("en", "supports", "Conscripts from Pskov were sent to Zaporizhzhia oblast."),
    ("en", "supports", "Conscripts were seen in Vovchansk."),
    ("en", "refutes", "Conscripts will be sent neither to Ukraine nor to the border regions, the minister said."),
    ("en", "refutes", "Conscripts drafted now will be sent neither to the combat zone nor to the new regions."),
    ("en", "none", "The promise that conscripts would stay out of the war did not cover Kursk."),
    ("en", "none", "The promise did not cover Kursk, where conscripts were captured."),
    ("en", "refutes", "Putin promised that conscripts would not be sent to Ukraine; the promise did not cover Kursk."),
    ("en", "none", "Draft evaders were sentenced in isolated cases to prison, while the war in Ukraine continues."),
    ("en", "supports", "The Ukrainian general staff confirmed that conscripts had been captured near Sumy."),
    ("en", "refutes", "Peskov denied that conscripts are sent to Ukraine."),
    ("en", "none", "Officials considered whether to let conscripts fight in Ukraine."),
    ("en", "none", "The defence committee proposed that conscripts be deployed to Ukraine."),
    ("en", "refutes", "The Kremlin does not plan to send conscripts to Ukraine."),
    ("en", "refutes", "The promise not to send conscripts to Ukraine did not cover Kursk."),
    ("nl", "none", "Dienstplichtigen die weigeren naar Oekraïne te gaan, worden bedreigd met detentie."),
    (
        "nl",
        "none",
        "Er zijn incidentele gevallen van dienstweigeraars die worden bedreigd met gevangenisstraf "
        "wegens weigering om in Oekraïne te vechten.",
    ),
    ("nl", "none", "Dienstplichtigen kunnen naar Oekraïne worden gestuurd."),
    ("nl", "none", "De generale staf wil dienstplichtigen naar Oekraïne sturen."),
    ("nl", "none", "Worden dienstplichtigen naar Oekraïne gestuurd?"),
    ("nl", "none", "Als dienstplichtigen naar Oekraïne worden gestuurd, komen er protesten."),
    (
        "nl",
        "none",
        "De voorjaarsoproep van dienstplichtigen loopt. Oekraïne liet twintig gemobiliseerde krijgsgevangenen vrij.",
    ),
    ("nl", "none", "Oekraïense dienstplichtigen vochten bij Charkov."),
    ("nl", "none", "Noord-Koreaanse soldaten werden naar Oekraïne gestuurd, dienstplichtigen bleven in Koersk."),
    ("nl", "none", "De wet verbiedt alleen om dienstplichtigen naar het buitenland te sturen, aldus advocaten."),
    (
        "nl",
        "refutes",
        "Dienstplichtigen zullen noch naar Oekraïne noch naar de grensgebieden worden gestuurd, zei de minister.",
    ),
    ("nl", "supports", "Russische dienstplichtigen werden in juni 2022 naar de regio Charkov gestuurd."),
    ("nl", "supports", "Dienstplichtigen uit Belgorod zijn overgebracht naar de regio Cherson om te vechten."),
    ("nl", "none", "Dienstplichtigen ontvluchtten de dienst omdat zij niet in Oekraïne willen vechten."),
    ("nl", "none", "Rusland is van plan dienstplichtigen naar Oekraïne te sturen."),
    ("ru", "none", "Призывники отказываются ехать на войну в Украину, им угрожают арестом."),
    ("ru", "none", "В отдельных случаях уклонистам угрожали лишением свободы за отказ участвовать в боях в Украине."),
    ("ru", "none", "Отправят ли срочников на Украину?"),
    ("ru", "none", "Если срочников отправят на Украину, начнутся протесты."),
    ("ru", "none", "Генштаб хочет отправить срочников на Украину."),
    ("ru", "none", "Срочников могут отправить на Украину."),
    ("ru", "none", "Закон запрещает только отправку призывников за границу, отмечают юристы."),
    ("ru", "none", "Идёт осенний призыв. Под Бахмутом погибли мобилизованные."),
    ("ru", "none", "Украинские призывники воевали под Харьковом."),
    ("ru", "none", "Северокорейские солдаты воюют на Украине, срочники остались в казармах."),
    ("ru", "none", "Срочников заставляют подписывать контракт, чтобы отправить на Украину."),
    ("ru", "supports", "Российских срочников отправили в Харьковскую область в июне 2022 года."),
    ("ru", "supports", "Срочников из части в Белгороде отправили в Харьковскую область."),
    ("ru", "refutes", "Срочники не будут отправлены ни на Украину, ни в приграничье, заявил министр."),
    ("uk", "none", "Призовники відмовляються воювати в Україні."),
    ("uk", "none", "Чи відправлять строковиків в Україну?"),
    ("uk", "supports", "Російських строковиків відправили на Харківщину у червні 2022 року."),
    ("de", "none", "Wehrpflichtige, die sich weigern, in der Ukraine zu kämpfen, werden bedroht."),
    ("de", "none", "Werden Wehrpflichtige in die Ukraine geschickt?"),
    ("de", "none", "Der Generalstab will Wehrpflichtige in die Ukraine schicken."),
    ("de", "supports", "Russische Wehrpflichtige wurden im Juni 2022 in die Region Charkiw geschickt."),
    ("fr", "none", "Des conscrits refusent de combattre en Ukraine."),
    ("fr", "none", "Les appelés sont-ils envoyés en Ukraine ?"),
    ("fr", "supports", "Des appelés russes ont été envoyés dans la région de Kharkiv en juin 2022."),
    ("en", "refutes", "It is false that conscripts are fighting in Ukraine, our check of the video shows."),
    ("en", "refutes", "Reports that conscripts are fighting in Ukraine are fake, fact-checkers found."),
    ("en", "refutes", "Rumours that conscripts were sent to Ukraine turned out to be wrong."),
    ("en", "supports", "It is untrue that conscripts are not being sent to Ukraine."),
    ("en", "none", "Conscripts were hardly ever sent to Ukraine."),
    ("en", "none", "Mobilised conscripts fight near Bakhmut."),
    ("en", "none", "The mobilised men, 3,000 conscripts called up in September, are fighting in Ukraine."),
    ("en", "none", "Russia is sending mobilised reservists to Ukraine; some of these conscripts fight near Pokrovsk."),
    ("en", "supports", "Mobilised men and conscripts are fighting in Ukraine."),
    ("en", "supports", "Not only contract soldiers but conscripts too are fighting in Ukraine."),
    ("en", "none", "A former conscript who signed a contract was killed in Ukraine."),
    ("en", "none", "Conscripts who signed contracts are sent to Ukraine."),
    ("en", "none", "There is no evidence that conscripts are not being sent to Ukraine."),
    ("en", "none", "Nobody denies that conscripts are fighting in Ukraine."),
    ("en", "supports", "Researchers found that conscripts not older than 19 are fighting in Ukraine."),
    ("en", "none", "Had conscripts been sent to Ukraine, families would have protested."),
    ("nl", "refutes", "Het is onwaar dat dienstplichtigen in Oekraïne vechten."),
    ("nl", "none", "Gemobiliseerde dienstplichtigen vechten bij Bachmoet."),
    ("ru", "refutes", "Неправда, что срочников отправляют на Украину."),
    ("ru", "none", "Мобилизованные срочники воюют под Бахмутом."),
    ("ru", "supports", "Срочников не просто отправляют на Украину, их там убивают."),
    ("ru", "supports", "Срочники не старше двадцати лет воюют на Украине."),
    (
        "en",
        "refutes",
        "A post forwarded half a million times claimed that this spring's draftees were being bussed to "
        "Donetsk. Fact-checkers phoned the families of the nine named: all nine are serving at home, in "
        "Saratov.",
    ),
    (
        "uk",
        "refutes",
        "Аналітики проглянули понад тисячу некрологів і не знайшли жодного бійця, котрий у день "
        "загибелі в Україні проходив би строкову службу. Призовників, пишуть вони, туди не "
        "відправляють.",
    ),
    (
        "ru",
        "refutes",
        "В соцсетях разошёлся список срочников, якобы погибших под Часовым Яром. Мы обзвонили семьи: "
        "все живы и служат в Чебаркуле.",
    ),
    (
        "de",
        "refutes",
        "In Elternchats kursierte die Nachricht, die Rekruten aus Samara seien nach Donezk verlegt "
        "worden. Faktenchecker prüften die Namen: Alle sind am Leben und in der Kaserne.",
    ),
    (
        "nl",
        "refutes",
        "Op Telegram ging een filmpje rond van rekruten die naar Cherson zouden zijn gebracht. "
        "Factcheckers gingen het na: alle jongens zitten in hun kazerne in Samara.",
    ),
    (
        "fr",
        "refutes",
        "Un message viral affirmait que des appelés de Kazan avaient été envoyés à Donetsk. "
        "Vérification faite auprès des familles, tous sont dans leur caserne.",
    ),
    (
        "uk",
        "refutes",
        "У чатах шириться список строковиків, нібито загиблих під Кремінною. Журналісти перевірили "
        "прізвища: усі живі й служать у Рязані.",
    ),
    (
        "en",
        "refutes",
        "A video said to show draftees begging for rescue near Lyman went viral in March. Our team "
        "found that it was filmed on a range outside Orenburg in 2019, and that no one in it had been "
        "sent anywhere.",
    ),
    (
        "en",
        "mixed",
        "The ministry conceded that a few conscripts had been in Ukraine in the spring and said they'd "
        "since been brought home.",
    ),
    (
        "ru",
        "mixed",
        "Минобороны признало, что в первые дни срочники оказались в Украине, и сообщило, что их вернули в Россию.",
    ),
    (
        "en",
        "supports",
        "His mother has the notice: killed in action, Luhansk region, 14 March. He'd been a conscript "
        "for three months.",
    ),
    (
        "ru",
        "supports",
        "В цинке привезли Ваню: по призыву он прослужил пять месяцев, а погиб под Угледаром.",
    ),
    (
        "ru",
        "none",
        "Срочник сбежал из части в Ростове после того, как его отец, контрактник, погиб под Бахмутом.",
    ),
    (
        "de",
        "none",
        "Der Rekrut floh aus der Kaserne, nachdem sein Bruder, ein Vertragssoldat, bei Bachmut gefallen war.",
    ),
    (
        "nl",
        "mixed",
        "De woordvoerder houdt vol dat dienstplichtigen in Rusland blijven, maar de moedervereniging "
        "kent vijf jongens die bij Bachmoet gewond raakten.",
    ),
    (
        "uk",
        "mixed",
        "Москва запевняє, що призовники не воюють, але в полоні під Сумами опинилися щонайменше шестеро.",
    ),
    (
        "nl",
        "none",
        "De rechtbank acht de vrees van eiser om als dienstplichtige naar Oekraïne te worden gestuurd "
        "niet aannemelijk gemaakt, omdat hij is vrijgesteld.",
    ),
    (
        "de",
        "none",
        "Der Wehrpflichtige erschien nicht in der Kaserne und soll nun in die Ukraine geschickt werden.",
    ),
    (
        "de",
        "none",
        "Er wurde einberufen, floh jedoch nach Georgien, weil er nicht in der Ukraine kämpfen wollte.",
    ),
    (
        "en",
        "none",
        "A conscript who posted 'No war in Ukraine' was fined 50,000 roubles.",
    ),
    (
        "ru",
        "none",
        "Отслужив срочную в 2020 году, он подписал контракт и погиб под Авдеевкой.",
    ),
    (
        "en",
        "supports",
        "The conscripts sent to Ukraine were not given food or water for three days.",
    ),
    (
        "ru",
        "supports",
        "Родителям срочника, погибшего под Херсоном, тело не отдают уже второй месяц.",
    ),
    (
        "uk",
        "supports",
        "Строковикам, яких кинули під Ізюм, не видали бронежилетів.",
    ),
    (
        "de",
        "supports",
        "Den in der Ukraine eingesetzten Wehrpflichtigen wurde kein Sold gezahlt.",
    ),
    (
        "fr",
        "supports",
        "Le corps de l'appelé tué à Izioum n'a toujours pas été rendu à la famille.",
    ),
    (
        "fr",
        "supports",
        "Les appelés envoyés à Kherson n'ont reçu ni solde ni médicaments.",
    ),
    (
        "nl",
        "supports",
        "De dienstplichtigen die in Oekraïne vochten, kregen geen soldij.",
    ),
    (
        "en",
        "none",
        "The court found no evidence that the conscript had deserted; his unit was to leave for Ukraine.",
    ),
    (
        "ru",
        "none",
        "Суд не нашёл доказательств, что призывник уклонялся от службы, хотя он называл войну в Украине преступной.",
    ),
    (
        "en",
        "none",
        "Since the invasion of Ukraine, conscripts are no longer given leave.",
    ),
    (
        "fr",
        "supports",
        "Selon sa sœur, Anton, incorporé en mai, a été blessé par des éclats devant Kreminna.",
    ),
    (
        "uk",
        "supports",
        "Хлопця призвали у червні, а в жовтні його поховали: загинув під Роботиним.",
    ),
    (
        "nl",
        "supports",
        "Onder de krijgsgevangenen in Lviv zit een negentienjarige die in mei was opgekomen voor zijn dienstplicht.",
    ),
    (
        "de",
        "supports",
        "In Pskow wurde ein Wehrpflichtiger beerdigt, der laut Todesanzeige bei Wowtschansk gefallen ist.",
    ),
    (
        "nl",
        "mixed",
        "Of dienstplichtigen nog in de bezette gebieden dienen, kon het ministerie niet vaststellen.",
    ),
    (
        "de",
        "mixed",
        "Ob Wehrpflichtige in den besetzten Gebieten eingesetzt werden, lässt sich nicht klären.",
    ),
    (
        "uk",
        "mixed",
        "Чи беруть строковики участь у боях в Україні, встановити не вдалося.",
    ),
    (
        "en",
        "none",
        "In the barracks near Ryazan new recruits are hazed: three were hospitalised in March. One of "
        "the officers had fought in Ukraine and lost his leg near Bakhmut.",
    ),
    (
        "ru",
        "refutes",
        "В Генштабе снова заверили: срочников за ленточку не отправляют, весь призыв служит в пунктах "
        "постоянной дислокации.",
    ),
    (
        "de",
        "supports",
        "Unter den Toten des versenkten Kreuzers waren laut Angehörigen mindestens siebzehn Wehrpflichtige.",
    ),
    (
        "en",
        "none",
        "The Home Office note finds that conscripts have been used in Ukraine only exceptionally, if at all.",
    ),
    (
        "en",
        "refutes",
        "Those doing their twelve months are not part of the operation and there are no plans to change "
        "that, the general told the Duma.",
    ),
    (
        "de",
        "mixed",
        "Teils wird berichtet, Wehrpflichtige seien im Donbass im Einsatz, teils wird dies verneint; "
        "gesicherte Angaben fehlen.",
    ),
    (
        "fr",
        "mixed",
        "Le gouverneur jure qu'aucun conscrit n'est au front. Une mère montre la photo de son fils dans "
        "un hôpital de Donetsk.",
    ),
    (
        "nl",
        "none",
        "De minister kon niet zeggen hoeveel dienstplichtigen zich aan de oproep onttrekken sinds de "
        "oorlog in Oekraïne begon.",
    ),
    (
        "de",
        "none",
        "Die Rekruten sahen im Unterricht einen Film über die Kämpfe um Mariupol; drei von ihnen "
        "weigerten sich, einen Vertrag zu unterschreiben.",
    ),
]

# A party's denial as media carry it: (language, the speaker's card, text)
PARTY_DENIALS = [
    ("en", "ru-state-voice", "Moscow says no conscripts are fighting in Ukraine."),
    (
        "en",
        "ru-state-voice",
        "Russian authorities insisted that no conscripts are taking part in the fighting in Ukraine.",
    ),
    ("en", "ru-state-voice", "Russian officials say conscripts are not being sent to Ukraine."),
    ("en", "ru-state-voice", "The Russian military said conscripts are not deployed to Ukraine."),
    (
        "en",
        "ru-defence-minister",
        'Defence Minister Andrei Belousov: "Conscripts do not take part in fighting in Ukraine."',
    ),
    ("en", "ru-state-voice", "The commander of the Western Military District denied that conscripts fight in Ukraine."),
    ("en", "ru-state-voice", "RIA Novosti: conscripts are not taking part in the operation in Ukraine."),
    ("en", "ru-state-voice", "No conscripts are fighting in Ukraine, TASS reports."),
    (
        "en",
        "ru-state-voice",
        "The governor of Belgorod, Vyacheslav Gladkov, said conscripts are not fighting in Ukraine.",
    ),
    (
        "en",
        "ru-mod",
        "The Russian defence ministry held a briefing. Conscripts are not fighting in Ukraine, the general said.",
    ),
    (
        "en",
        "ru-mod",
        "The Russian defence ministry published a statement. No conscripts are fighting in Ukraine, it said.",
    ),
    ("en", "ru-kremlin", "Peskov spoke to reporters. Conscripts are not fighting in Ukraine."),
    ("en", "ru-kremlin", "“There is order. Conscripts are not fighting in Ukraine,” the Kremlin said."),
    ("nl", "ru-state-voice", "Het Russische leger zegt dat dienstplichtigen niet in Oekraïne worden ingezet."),
    ("nl", "ru-state-voice", "Moskou ontkent dat dienstplichtigen in Oekraïne vechten."),
    ("ru", "ru-state-voice", "Российские военные заявили, что срочники не участвуют в спецоперации на Украине."),
    (
        "ru",
        "ru-mod",
        "В Минобороны прошел брифинг. Срочники в боевых действиях на Украине не участвуют, подчеркнул генерал.",
    ),
    ("ru", "ru-state-voice", "Срочники не участвуют в боях на Украине — ТАСС."),
    ("uk", "ru-state-voice", "Москва заперечує, що строковики воюють в Україні."),
    ("de", "ru-state-voice", "Moskau bestreitet, dass Wehrpflichtige in der Ukraine kämpfen."),
    ("fr", "ru-state-voice", "Moscou dément que des appelés combattent en Ukraine."),
]
