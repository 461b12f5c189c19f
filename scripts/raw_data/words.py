"""Word lists and vocabularies. Everything here is invented; no company or person is meant."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Odd compounds on purpose (Quorlbeck, Thistlewick): plain English pairs are mostly taken.
FIRST_PARTS = _words(
    "Alder Brenn Bramble Brindle Cask Cinder Corl Dapple Dask Dunn Eller Fallow Fenn Fjell "
    "Gable Glimm Gorl Gorse Hask Hesper Indi Jarr Jorn Kelv Kestrel Larl Loom Lorr Lumm Marl "
    "Mica Murr Nettle Nevv Nimm Ochre Orl Ostr Pell Pirr Quill Quorl Reeve Rusk Russet Sedge "
    "Sorrel Skarn Tamb Tansy Thistle Tirl Ulv Umber Vask Vorr Wex Whin Yarl Zell"
)
SECOND_PARTS = _words(
    "acre barrow beck bourne burrow cairn carr combe cote dale delph ditch fell firth garth gill "
    "glen grove hale hamm haugh hithe holm hope hurst isle keld knapp knoll lea ledge leigh loft "
    "lund mere moor mott ness nook pike quay rigg row scar shaw sike skerry stead strand tarn "
    "thwaite toft vale wath wharf wick wold wray wyke yard yate"
)
INDUSTRIES: dict[str, tuple[str, ...]] = {
    "logistics": ("Logistics", "Freight", "Haulage"),
    "retail": ("Retail", "Outfitters", "Goods"),
    "healthcare": ("Health", "Clinics", "Care"),
    "manufacturing": ("Works", "Fabrication", "Components"),
    "financial_services": ("Capital", "Lending", "Mutual"),
    "education": ("Learning", "Academies", "Schools"),
    "media": ("Media", "Press", "Studios"),
    "hospitality": ("Hotels", "Dining", "Resorts"),
}
REGIONS = ("AMER", "EMEA", "APAC")
# Hours to add to UTC for a region's office clock.
REGION_OFFSETS = (-6, 1, 8)
REGION_WORDS = ("Americas", "Europe", "Pacific")

CSM_FIRST = _words("Ada Bruno Chitra Dario Elin Farid Greta Hiro Imani Jonas Keiko Lena")
CSM_LAST = _words(
    "Okafor Lindqvist Rao Benedetti Haugen Nasser Vogel Tanaka Mwangi Kowalski Moreau Santos"
)
USER_FIRST = _words(
    "ana ben carla dev emma finn gita hugo ines jack kira leo maya nils olga paul qadir rosa sam "
    "tara umar vera wim xenia yann zoe aron bela cleo dora"
)
USER_LAST = _words(
    "abel baker costa dunn evans fabre gomez hale ito jensen khan lopez moss novak ortiz park "
    "quinn reyes stone toth ueda vega wolf xu young zeman adler boyd cruz dahl"
)

# (name, is_core, release: None before the data begin, else the share of the span that has passed)
FEATURES: tuple[tuple[str, bool, float | None], ...] = (
    ("Dashboards", True, None),
    ("Reports", True, None),
    ("Task Board", True, None),
    ("Shared Inbox", True, None),
    ("Workflow Builder", True, None),
    ("Approvals", True, None),
    ("Search", True, None),
    ("Notifications", True, None),
    ("Calendar Sync", True, None),
    ("Team Permissions", True, None),
    ("Mobile App", True, 0.15),
    ("Smart Summaries", True, 0.55),
    ("Public API", False, None),
    ("Webhooks", False, None),
    ("Single Sign-On", False, None),
    ("Audit Log", False, None),
    ("Custom Fields", False, None),
    ("Time Tracking", False, None),
    ("Templates", False, None),
    ("Guest Access", False, None),
    ("Forecasting", False, 0.25),
    ("Whiteboard", False, 0.4),
    ("Data Residency", False, 0.7),
    ("Assistant Chat", False, 0.85),
)
API_FEATURE = 12

# intent -> (issue type, subjects)
EVERYDAY_INTENTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "how_to": ("question", ("How do I set up an approval?", "Where do I find saved reports?")),
    "bug_report": ("bug", ("Board does not save my change", "Error 500 on the dashboard")),
    "access_problem": ("access", ("Locked out after password reset", "Invite mail never arrives")),
    "billing_question": ("billing", ("Please change our billing address", "Tax number missing")),
    "integration_problem": ("integration", ("Calendar sync stopped", "Webhook answers twice")),
    "performance_problem": ("performance", ("Search is slow today", "Reports take minutes")),
    "feature_request": ("request", ("Could you add dark mode?", "Wish: colours per team")),
    "onboarding_help": ("onboarding", ("Help with our first workflow", "Training for new staff")),
}
CHURN_INTENTS: dict[str, tuple[str, ...]] = {
    "data_export": ("Data export of all our records", "How do we export all data?"),
    "cancellation_question": ("How do we cancel our subscription?", "Cancellation deadline?"),
    "competitor_mention": ("Comparing you with a competitor", "Switching to another tool?"),
    "contract_terms_question": ("Question on contract terms", "What is our notice period?"),
    "downgrade_request": ("We want to downgrade our plan", "Downgrade: fewer seats"),
}
INTENTS = (*EVERYDAY_INTENTS, *CHURN_INTENTS)
ISSUE_TYPES = tuple(kind for kind, _ in EVERYDAY_INTENTS.values())

TICKET_CHANNELS = ("email", "web_form", "chat", "phone")
TALK_CHANNELS = ("chat", "email", "voice")
PRIORITIES = ("low", "normal", "high", "urgent")
OUTCOMES = ("resolved", "handed_over", "unresolved", "abandoned")
TOUCHPOINT_TYPES = ("check_in", "training", "email", "qbr")
MEMBER_TITLES = ("Coordinator", "Specialist", "Analyst", "Planner", "Team Lead", "Associate")
EXECUTIVE_TITLES = ("VP Operations", "Chief Operating Officer", "Director of Operations")
