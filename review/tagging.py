"""Tag a passage: target groups, country of origin and topic, each with spans, rule and score.

By declared words and rules; where the encoder is installed, a small trained head weighs what they found
(review.learned).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from review.countries import country_classes, country_of, load_countries
from review.folding import Folded, fold
from review.language import language_of, languages_to_search
from review.learned import Judged, Seen, reader
from review.matching import Firing, Hits, Matcher, Mention, Place, Rulebook, Ruling, Span, find, to_spans
from review.surroundings import distance, is_bare, is_denied, is_history, is_source, on_the_field
from review.topics import topic_of
from review.vocabulary import HERE, LANGUAGES, Group, Vocabulary, check_vocabulary, load_groups, load_vocabulary

__all__ = ["RULES_VERSION", "Mention", "Span", "Tagger", "Tags", "load_groups", "rules_version", "tag", "tagger"]

CODE_VERSION = 2  # raise when code, not vocabulary, changes what is tagged
SPANS_PER_RULE = 200
NEVER_WITHIN = 90  # characters that "it was not suggested that he ..." reaches
SURE = 0.85  # a group named outright, not inferred

ALONE = 0.5  # the head's probability from which it may give a tag that no rule gave, where a word names the group
BY_SURROUNDING = 0.85  # and where only words that stand around it do
ON_FIELD = 0.5  # the head's probability from which a passage is about a country of origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """What the rules say of one passage."""

    lang: str
    groups: tuple[Mention, ...]
    country: Mention | None
    topic: Mention


@dataclass(frozen=True, slots=True, kw_only=True)
class ToTag:
    """One passage: its text, its language where known, and the country its document is about where known."""

    text: str
    lang: str | None = None
    country_hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """What the rules saw in one passage."""

    asked: ToTag
    folded: Folded
    lang: str
    hits: Hits
    past: bool
    groups: tuple[Mention, ...]
    on_field: bool
    topic: Mention

    @property
    def seen(self) -> Seen:
        return Seen(
            classes=frozenset(name for name in self.hits.names() if not name.startswith("country")),
            groups={mention.value: mention.score for mention in self.groups},
            topic=self.topic.value,
        )


def rules_version(extra_folders: Iterable[Path] = ()) -> str:
    """Return the version of code and declarations, for example `tags-1+ab12cd34`; any change of a word changes it."""
    digest = sha256()
    shipped = [HERE / "countries.toml", *(HERE / name for name in ("groups", "topics", "words", "words/forms"))]
    for place in (*shipped, *extra_folders):
        for path in [place] if place.suffix == ".toml" else sorted(place.glob("*.toml")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return f"tags-{CODE_VERSION}+{digest.hexdigest()[:8]}"


RULES_VERSION: str = rules_version()


class Tagger:
    """Everything declared, ready to tag; build it once and use it for every passage."""

    def __init__(self, extra_folders: Iterable[Path] = (), *, learned: bool = True) -> None:
        """Load the shipped declarations and those of the folders; raise DeclarationError where one is wrong.

        `learned` lets the trained head weigh what the rules find in `tag_all`, where its encoder is installed.
        """
        folders = tuple(extra_folders)
        self._reader = reader() if learned else None
        version = rules_version(folders) if folders else RULES_VERSION
        self.rules_version = f"{version}+{self._reader[0].name}" if self._reader else version
        declared = load_countries()
        words = load_vocabulary(folders)
        self._vocabulary = Vocabulary(
            groups=words.groups,
            topics=words.topics,
            classes={**words.classes, **country_classes(declared)},
            endings=words.endings,
        )
        self.groups, self.topics = words.groups, words.topics
        check_vocabulary(self._vocabulary, [path.stem for folder in folders for path in folder.glob("*.toml")])
        self._countries = declared
        self._rules = Rulebook({group.id: self._vocabulary.rulings(group) for group in words.groups.values()})
        self._topic_rules = Rulebook({topic.id: self._vocabulary.rulings(topic) for topic in words.topics.values()})
        self._look_alikes = {
            group.id: tuple(self._vocabulary.resolve(group.id, name) for name in group.look_alikes)
            for group in words.groups.values()
        }
        self._heads = {
            group.id: {
                name
                for ruling in self._vocabulary.rulings(group)
                for name in ruling.any
                if name.startswith(f"{group.id}.")
            }
            for group in words.groups.values()
        }
        self._matchers: dict[str, Matcher] = {}

    def tag(self, text: str, lang: str | None = None, *, country_hint: str | None = None) -> Tags:
        """Tag one passage of any length by the rules alone.

        `lang` is one of the six languages where known; another value, or None, is decided from the text. A language
        without vocabulary gives no groups. `country_hint` (ISO 3166-1 alpha-2) helps a country that the text supports
        and stands in, with low confidence, for one that the text leaves out.
        """
        return self._by_rules(self._look(ToTag(text=text, lang=lang, country_hint=country_hint)))

    def tag_all(self, passages: Sequence[ToTag]) -> list[Tags]:
        """Tag passages by rules and trained head together; by the rules alone where there is no head or encoder.

        A passage without a single word of the vocabulary is not encoded: the head could show nothing for a tag of it.
        """
        looked = [self._look(passage) for passage in passages]
        if self._reader is None:
            return [self._by_rules(one) for one in looked]
        head, encoder = self._reader
        worth = [one for one in looked if one.seen.classes]
        judged: Iterator[Judged] = iter(())
        if worth:
            judged = iter(head.judge(encoder.encode([one.asked.text for one in worth]), [one.seen for one in worth]))
        return [self._weighed(one, next(judged)) if one.seen.classes else self._by_rules(one) for one in looked]

    def seen(self, text: str, lang: str | None = None) -> Seen:
        """What the rules give the trained head to look at."""
        return self._look(ToTag(text=text, lang=lang)).seen

    def _look(self, asked: ToTag) -> _Looked:
        folded = fold(asked.text)
        lang = asked.lang if asked.lang in LANGUAGES else language_of(folded)
        hits = find(folded, [self._matcher(name) for name in languages_to_search(folded, lang)])
        past = is_history(folded, hits)
        elsewhere = hits.any_of(("noise",)) and not hits.any_of(("domain", "punished", "commissariat"))
        groups = () if past or elsewhere else self._groups(asked.text, folded, hits)
        on_field = bool(groups) or on_the_field(hits)
        return _Looked(
            asked=asked, folded=folded, lang=lang, hits=hits, past=past, groups=groups, on_field=on_field,
            topic=topic_of(asked.text, folded, hits, self._topic_rules, on_field=on_field),
        )  # fmt: skip

    def _by_rules(self, looked: _Looked) -> Tags:
        return self._tags(looked, looked.groups, looked.topic, on_field=looked.on_field)

    def _tags(self, looked: _Looked, groups: tuple[Mention, ...], topic: Mention, *, on_field: bool) -> Tags:
        country = None
        if on_field and not looked.past:
            country = country_of(
                looked.asked.text, looked.folded, looked.hits, self._countries,
                lang=looked.lang, hint=looked.asked.country_hint, groups=frozenset(one.value for one in groups),
            )  # fmt: skip
        return Tags(lang=looked.lang, groups=groups, country=country, topic=topic)

    def _weighed(self, looked: _Looked, judged: Judged) -> Tags:
        """The rules' tags, and what the head adds to them; the topic is the head's.

        The head takes nothing away: who would have kept a passage must not lose it silently.
        """
        by_rule = {mention.value: mention for mention in looked.groups}
        found: list[Mention] = []
        for name in () if looked.past else self.groups:
            learned = None if name in by_rule else self._learned(looked, name, judged.groups.get(name, 0.0))
            if mention := by_rule.get(name) or learned:
                found.append(mention)
        value = max(judged.topics, key=lambda topic: judged.topics[topic])
        topic = looked.topic
        if value != topic.value:
            whole = _whole(looked.asked.text)
            topic = Mention(kind="topic", value=value, spans=whole, rule=f"{value}:learned", score=0.0)
        topic = replace(topic, score=round(judged.topics[value], 3))
        on_field = bool(found) or judged.field >= ON_FIELD
        return self._tags(looked, tuple(found), topic, on_field=on_field)

    def _learned(self, looked: _Looked, name: str, chance: float) -> Mention | None:
        """A tag that no rule gave, where the head is sure enough and a word of the group's own vocabulary stands there.

        Without such a word there would be nothing to show, and on text of another kind the head alone is often wrong.
        It must be surer where that word is only a surrounding ("year", "police") and none from which a rule sets out.
        """
        if self._reader is None or chance < max(ALONE, self._reader[0].thresholds.get(name, 1.0)):
            return None
        alike = self._look_alikes[name]
        own = [one for one in looked.hits.names() if one.startswith(f"{name}.") and one not in alike]
        if chance < BY_SURROUNDING and looked.hits.names().isdisjoint(self._heads[name]):
            return None
        places = [place for one in own for place in looked.hits.of(one)]
        places = [place for place in places if not any(looked.hits.overlaps(one, place) for one in alike)]
        if not places or (
            self.groups[name].source_is_not_subject and any(is_source(one, looked.hits) for one in places)
        ):
            return None
        service = (("service", "unknown"),) if name == "deserters" else ()
        return Mention(
            kind="group", value=name, spans=to_spans(places[:SPANS_PER_RULE], looked.folded, looked.asked.text),
            rule=f"{name}:learned", score=round(chance, 3), attributes=service,
        )  # fmt: skip

    def surface_forms(self, lang: str) -> list[str]:
        """The words and phrases that are looked for in a language, stems without their open end."""
        return [form.strip(" *").split("*")[0] for form in self._vocabulary.forms(lang)]

    def _matcher(self, lang: str) -> Matcher:
        if lang not in self._matchers:
            self._matchers[lang] = Matcher(self._vocabulary.forms(lang))
        return self._matchers[lang]

    def _groups(self, text: str, folded: Folded, hits: Hits) -> tuple[Mention, ...]:
        found: dict[str, list[Firing]] = {}
        candidates = self._rules.candidates(hits)
        for group in self.groups.values():
            if group.id in candidates and (firings := self._firings(group, candidates[group.id], hits)):
                found[group.id] = firings
        for group in self.groups.values():
            for implied in group.implies:
                if group.id in found and implied.group not in found and not found.keys() & set(implied.unless):
                    found[implied.group] = [
                        Firing(
                            rule=f"implied by {group.id}",
                            score=found[group.id][0].score,
                            places=found[group.id][0].places,
                        )
                    ]
        return tuple(_mention(name, firings, found, text, folded, hits) for name, firings in found.items())

    def _firings(self, group: Group, rules: Sequence[Ruling], hits: Hits) -> list[Firing]:
        """Return where the group's rules hold, without look-alikes, sources, lists and denied membership."""
        denied = False
        alike = [name for name in self._look_alikes[group.id] if hits.of(name)]

        def counts(head: Place) -> bool:
            nonlocal denied
            if any(hits.overlaps(name, head) for name in alike):
                return False
            if group.source_is_not_subject and is_source(head, hits):
                return False
            if is_bare(head, hits):
                return False
            if group.membership_can_be_denied and is_denied(head, hits):
                denied = True
                return False
            return hits.near("never_did", head, NEVER_WITHIN, "before") is None

        firings = [one for rule in rules for one in rule.fire(hits, limit=SPANS_PER_RULE, counts=counts)]
        return [one for one in firings if one.score >= SURE] if denied else firings


def _whole(text: str) -> tuple[Span, ...]:
    words = text.strip()
    start = text.find(words) if words else 0
    return (Span(start=start, end=start + len(words), surface=words),) if words else ()


def _mention(
    name: str, firings: Sequence[Firing], found: dict[str, list[Firing]], text: str, folded: Folded, hits: Hits
) -> Mention:
    best = max(firings, key=lambda one: one.score)
    places = [place for one in firings for place in one.places]
    attributes = (("service", _service(best.places[0], found, hits)),) if name == "deserters" else ()
    return Mention(
        kind="group",
        value=name,
        spans=to_spans(places, folded, text),
        rule=f"{name}:{best.rule}",
        score=best.score,
        attributes=attributes,
    )


def _service(head: Place, found: dict[str, list[Firing]], hits: Hits) -> str:
    """Say in which service a deserter was: the nearest word of contract, conscription or mobilisation decides."""
    reach = 10_000
    spots = {"contract": hits.near("contract", head, reach)}
    for service, group in (("conscript", "conscripts"), ("mobilised", "reservists")):
        places = [one.places[0] for one in found.get(group, ())]
        spots[service] = min(places, key=lambda place: distance(place, head), default=None)
    near = {service: distance(spot, head) for service, spot in spots.items() if spot}
    return min(near, key=lambda service: near[service]) if near else "unknown"


def tagger(extra_folders: Iterable[Path] = ()) -> Tagger:
    """Return the tagger of the shipped declarations and an operator's folders, built on first use."""
    return _built(tuple(folder for folder in extra_folders if folder.is_dir()))


@lru_cache(maxsize=4)
def _built(folders: tuple[Path, ...]) -> Tagger:
    return Tagger(folders)


def tag(text: str, lang: str | None = None, *, country_hint: str | None = None) -> Tags:
    """Tag one passage with the shipped declarations; see Tagger.tag."""
    return tagger().tag(text, lang, country_hint=country_hint)
