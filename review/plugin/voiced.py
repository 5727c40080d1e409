"""Who is quoted, as a person typed it: where the words name a declared voice, its id, by which its card is found.

Else the denial of a party, typed as "Russian Ministry of Defence", would vote as the newspaper that prints it
(method section 5).
"""

from collections.abc import Mapping

from review.declarations import Speaker
from review.evidence_voices import SpeakerIndex
from store.names import same_name

LANGUAGES = ("en", "nl")  # in which people type, beside the language of the passage


def voice_of(typed: str, language: str, speakers: Mapping[str, Speaker]) -> str:
    """The id of the declared voice that the words name, by id, title or any of its names; else the words as typed."""
    if not typed:
        return ""
    for one in speakers.values():
        if same_name(typed, one.id) or same_name(typed, one.title):
            return one.id
    index = SpeakerIndex.of(speakers.values())
    named = (voice for lang in (language, *LANGUAGES) for voice in index.named(typed, lang))
    return next((voice.speaker_id for voice in named if voice.speaker_id), typed)
