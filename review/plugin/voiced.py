"""Who is quoted, as a person typed it: where the words name a declared party, its id, by which its card is found.

Else the denial of a party, typed as "Russian Ministry of Defence", would vote as the newspaper that prints it
(method section 5). Of parties only: the words of any other voice would become an origin of their own, and a name that
somebody typed must not add one.
"""

from collections.abc import Mapping

from review.declarations import Speaker
from review.evidence_cues import sentences
from review.evidence_voices import SpeakerIndex, attributed_to
from review.plugin.look import Refused
from store.names import same_name

LANGUAGES = ("en", "nl")  # in which people type, beside the language of the passage
PUBLISHER = ("publisher", "uitgever")  # typed by who says that the publisher, and no one quoted, says it


def voice_of(typed: str, language: str, speakers: Mapping[str, Speaker]) -> str:
    """The id of the declared party that the words name, by id, title or any of its names; else the words as typed."""
    if not typed:
        return ""
    parties = {one.id for one in speakers.values() if one.is_party}
    for one in speakers.values():
        if one.id in parties and (same_name(typed, one.id) or same_name(typed, one.title)):
            return one.id
    index = SpeakerIndex.of(speakers.values())
    named = [voice.speaker_id for lang in (language, *LANGUAGES) for voice in index.named(typed, lang)]
    return named[0] if named and named[0] in parties else typed


def must_be_named(who: str, text: str, language: str, speakers: Mapping[str, Speaker]) -> None:
    """Refused (400) where a declared voice that is no party is given words in a passage that does not name it: it would
    be an origin of its own, with an owner and a type of its own, that nothing in the text bears out.
    """
    speaker = speakers.get(who)
    if speaker is None or speaker.is_party:
        return
    index = SpeakerIndex.of(speakers.values())
    if not any(voice.speaker_id == who for voice in index.named(text, language)):
        raise Refused(400, "wrong.voice", who=speaker.title)


def must_be_said(who: str, text: str, span: tuple[int, int], language: str, speakers: Mapping[str, Speaker]) -> str:
    """Who says it, '' for the publisher. Refused (400) where nobody is named and the words are those of a party.

    A party's claim would else vote as the newspaper that prints it (method section 5). It is asked, not filled in:
    a dissent that is wrongly given to a party would lose its vote.
    """
    if who.casefold() in PUBLISHER:
        return ""
    if who:
        return who
    index = SpeakerIndex.of(speakers.values())
    for start, end in sentences(text):
        if start < span[1] and span[0] < end:
            voice = attributed_to(text[start:end], language, index)
            speaker = speakers.get(voice.speaker_id or "") if voice else None
            if speaker and speaker.is_party:
                raise Refused(400, "wrong.unsaid", who=speaker.title)
    return ""
