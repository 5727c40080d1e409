"""The words of `coi status` in the terminal, English and Dutch."""

LANGUAGES = ("en", "nl")
WORDS = {
    "en": {
        "insufficient": "insufficient", "emerging": "emerging", "sufficient": "sufficient",
        "not assessed": "not assessed",
        "public": "public basis: known to anyone by then", "held": "held basis: captured and decided here by then",
        "basis_public": "public", "basis_held": "held",
        "provisional": "provisional reading", "reviewed": "reviewed reading",
        "head": "As of {day} ({basis}; {reading}; rules {rules}). {stored}",
        "stored": "Verdicts of this day, basis and reading are stored (computed {at}); this was computed now.",
        "stored_other": "Computed now and not stored; stored verdicts of this reading are of {day}, {basis} basis.",
        "stored_none": "Computed now; no verdict is stored ('coi assess' does).",
        "no_held": "Nothing that bears on a question was held here on that day; --basis public shows what was public.",
        "group": "group", "status": "status", "enough": "decisive questions", "moratorium": "moratorium",
        "advice": "advice", "of": "{n} of {m} decisive questions sufficient", "weakest": "weakest",
        "counts": "{origins} origins, {items} items", "silent": "{n} questions without any evidence",
        "gates": "gates closed", "also": "Also running",
        "also_why": "(no question is declared for these: not assessed)",
        "past": "{n} moratoria do not run (ended, end not seen, or only announced); 'coi moratoria' lists all.",
        "more": "Every question with its reason: coi status --all, or name a country or group (--country RU).",
        "decisions": "decisions", "departures": "departures", "verified": "verified", "inferred": "inferred",
        "unverified": "unverified",
        "no_days": "days not seen", "announced": "announced, not in force{starts}", "starts": ", from {day}",
        "no_end": "no end is set", "end_not_seen": "its end was not seen", "since": "since {day}, {end} ({sure})",
        "last": "last day today", "left": "{n} days left", "ended": "ended {n} days ago",
        "begun": "since {day}", "days": "{n} days", "days_ago": "{n} days ago",
        "planned": "planned end {n} days ago, what followed was not seen",
        "until": "until and including {day} ({days}; {sure})",
        "standing": "Sufficient means enough to decide, never safe to return. The machine proposes, a person decides.",
    },
    "nl": {
        "insufficient": "ontoereikend", "emerging": "in opbouw", "sufficient": "toereikend",
        "not assessed": "niet beoordeeld",
        "public": "grondslag openbaar: toen voor iedereen bekend",
        "held": "grondslag in bezit: toen hier vastgelegd en beslist",
        "basis_public": "openbaar", "basis_held": "in bezit",
        "provisional": "voorlopige lezing", "reviewed": "beoordeelde lezing",
        "head": "Per {day} ({basis}; {reading}; regels {rules}). {stored}",
        "stored": "Oordelen van deze dag, grondslag en lezing zijn bewaard (berekend {at}); dit is nu berekend.",
        "stored_other": "Nu berekend, niet bewaard; van deze lezing zijn bewaard die van {day}, grondslag {basis}.",
        "stored_none": "Nu berekend; er is geen oordeel bewaard (dat doet 'coi assess').",
        "no_held": "Niets over een vraag was hier die dag in bezit; --basis public toont wat openbaar was.",
        "group": "groep", "status": "status", "enough": "beslissende vragen", "moratorium": "moratorium",
        "advice": "advies", "of": "{n} van {m} beslissende vragen toereikend", "weakest": "zwakste",
        "counts": "{origins} oorsprongen, {items} stukken", "silent": "{n} vragen zonder enig bewijs",
        "gates": "poorten dicht", "also": "Loopt ook",
        "also_why": "(hiervoor is geen vraag opgenomen: niet beoordeeld)",
        "past": "{n} moratoria lopen niet (voorbij, einde niet gezien, of aangekondigd); 'coi moratoria' noemt ze.",
        "more": "Elke vraag met haar reden: coi status --all, of noem een land of groep (--country RU).",
        "decisions": "besluiten", "departures": "vertrek", "verified": "geverifieerd", "inferred": "afgeleid",
        "unverified": "niet geverifieerd",
        "no_days": "dagen niet gezien", "announced": "aangekondigd, niet in werking{starts}", "starts": ", vanaf {day}",
        "no_end": "geen einde bepaald", "end_not_seen": "het einde is niet gezien",
        "since": "sinds {day}, {end} ({sure})",
        "last": "laatste dag vandaag", "left": "nog {n} dagen", "ended": "{n} dagen geleden geëindigd",
        "begun": "sinds {day}", "days": "{n} dagen", "days_ago": "{n} dagen geleden",
        "planned": "gepland einde {n} dagen geleden, wat volgde is niet gezien",
        "until": "tot en met {day} ({days}; {sure})",
        "standing": "Toereikend betekent genoeg om te beslissen, nooit veilig om terug te keren. De machine stelt "
        "voor, een mens beslist.",
    },
}  # fmt: skip


class Say:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = WORDS[language]

    def __call__(self, key: str, **values: object) -> str:
        return self._words.get(key, key).format(**values)

    def pick(self, english: str, dutch: str) -> str:
        """What the data says in both languages; English where there is no Dutch."""
        return dutch if self.language == "nl" and dutch else english
