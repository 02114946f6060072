"""What five pages of the Handbook say, read by eye and written down here.

Figures of the 2024-34 edition (public domain). Growth and change carry their sign.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

ALL = "Total, all occupations"
HOSPITALS = "Hospitals; state, local, and private"
PHYSICIANS = "Offices of physicians"
COMPANIES = "Management of companies and enterprises"
SUPPORT = "Administrative and support services"
TECHNICAL = "Professional, scientific, and technical services"
GOVERNMENT = "Government, excluding state and local education and hospitals"


@dataclass(frozen=True)
class Profile:
    """One page: its quick facts, and what its tabs add."""

    title: str
    soc: str | None
    year: int
    hour: str
    jobs: int
    growth: int
    change: int
    openings: int
    held: int
    p10: int
    p90: int
    group: tuple[str, int, int]  # the group above: median pay and growth
    industries: dict[str, int]
    neighbours: dict[str, int]
    rows: tuple[tuple[str, str | None, int, int, int, int], ...]
    parts: dict[str, int]


PROFILES = {
    "registered-nurses": Profile(
        "Registered Nurses", "29-1141", 93_600, "45.00", 3_391_000, 5, 166_100,
        openings=189_100, held=3_400_000, p10=66_030, p90=135_320,
        group=("Healthcare diagnosing or treating practitioners", 101_370, 8),
        industries={
            GOVERNMENT: 106_480, HOSPITALS: 97_260,
            "Ambulatory healthcare services": 83_780,
            "Nursing and residential care facilities": 81_820,
            "Educational services; state, local, and private": 74_360,
        },
        neighbours={
            "Cardiovascular Technologists and Technicians": 67_260,
            "Dental Hygienists": 94_260, "Diagnostic Medical Sonographers": 89_340,
            "EMTs and Paramedics": 46_350,
            "Licensed Practical and Licensed Vocational Nurses": 62_340,
            "Medical Dosimetrists": 138_110,
            "Nurse Anesthetists, Nurse Midwives, and Nurse Practitioners": 132_050,
            "Physician Assistants": 133_260, "Respiratory Therapists": 80_450,
            "Social Workers": 61_330,
        },
        rows=(("Registered Nurses", "29-1141", 3_391_000, 3_557_100, 5, 166_100),),
        parts={},
    ),
    "medical-records-and-health-information-technicians": Profile(
        "Medical Records Specialists", "29-2072", 50_250, "24.16", 194_800, 7, 13_800,
        openings=14_200, held=194_800, p10=35_780, p90=80_950,
        group=("Health technologists and technicians", 54_270, 6),
        industries={
            COMPANIES: 60_750, HOSPITALS: 56_520, TECHNICAL: 49_970, SUPPORT: 49_590,
            PHYSICIANS: 45_620,
        },
        neighbours={
            "Health Information Technologists and Medical Registrars": 67_310,
            "Information Clerks": 43_730,
            "Medical and Health Services Managers": 117_960,
            "Medical Assistants": 44_200, "Medical Transcriptionists": 37_550,
            "Pharmacy Technicians": 43_460,
        },
        rows=(("Medical Records Specialists", "29-2072", 194_800, 208_600, 7, 13_800),),
        parts={},
    ),
    "health-information-technologists-and-medical-registrars": Profile(
        "Health Information Technologists and Medical Registrars", "29-9021",
        67_310, "32.36", 41_900, 15, 6_200,
        openings=3_200, held=41_900, p10=39_120, p90=112_130,
        group=("Other healthcare practitioners and technical occupations", 62_820, 9),
        industries={
            COMPANIES: 80_990, SUPPORT: 74_920, TECHNICAL: 72_610, HOSPITALS: 64_320,
            PHYSICIANS: 52_760,
        },
        neighbours={
            "Medical and Health Services Managers": 117_960,
            "Medical Assistants": 44_200, "Medical Records Specialists": 50_250,
            "Medical Transcriptionists": 37_550,
        },
        rows=(("Health Information Technologists and Medical Registrars", "29-9021",
               41_900, 48_100, 15, 6_200),),
        parts={},
    ),
    "medical-and-health-services-managers": Profile(
        "Medical and Health Services Managers", "11-9111",
        117_960, "56.71", 616_200, 23, 142_900,
        openings=62_100, held=616_200, p10=69_680, p90=219_080,
        group=("Other management occupations", 104_030, 6),
        industries={
            GOVERNMENT: 132_620, HOSPITALS: 130_690,
            "Outpatient care centers": 106_990, PHYSICIANS: 100_780,
            "Nursing and residential care facilities": 99_250,
        },
        neighbours={
            "Administrative Services and Facilities Managers": 106_880,
            "Computer and Information Systems Managers": 171_200,
            "Financial Managers": 161_700,
            "Health Information Technologists and Medical Registrars": 67_310,
            "Human Resources Managers": 140_030, "Medical Records Specialists": 50_250,
            "Purchasing Managers, Buyers, and Purchasing Agents": 79_830,
            "Registered Nurses": 93_600,
            "Social and Community Service Managers": 78_240,
            "Top Executives": 105_350,
        },
        rows=(("Medical and Health Services Managers", "11-9111",
               616_200, 759_100, 23, 142_900),),
        parts={},
    ),
    "financial-clerks": Profile(
        "Financial Clerks", None, 48_650, "23.39", 1_193_000, -5, -58_300,
        openings=102_200, held=1_200_000, p10=36_200, p90=71_330,
        group=("Office and administrative support occupations", 46_320, -4),
        industries={
            "Insurance carriers and related activities": 49_020,
            "Credit intermediation and related activities": 48_550,
            TECHNICAL: 48_160, SUPPORT: 47_380,
            "Healthcare and social assistance": 46_990,
        },
        neighbours={
            "Bill and Account Collectors": 46_040,
            "Bookkeeping, Accounting, and Auditing Clerks": 49_210,
            "Gambling Services Workers": 35_630, "Information Clerks": 43_730,
            "Medical Records Specialists": 50_250,
            "Secretaries and Administrative Assistants": 47_460, "Tellers": 39_340,
        },
        rows=(
            ("Financial Clerks", None, 1_193_000, 1_134_600, -5, -58_300),
            ("Billing and posting clerks", "43-3021", 429_800, 427_900, 0, -1_900),
            ("Gambling cage workers", "43-3041", 14_100, 13_400, -5, -700),
            ("Payroll and timekeeping clerks", "43-3051",
             161_100, 134_200, -17, -27_000),
            ("Procurement clerks", "43-3061", 61_900, 56_600, -9, -5_400),
            ("Brokerage clerks", "43-4011", 40_800, 36_900, -9, -3_900),
            ("Credit authorizers, checkers, and clerks", "43-4041",
             12_000, 11_300, -6, -700),
            ("Loan interviewers and clerks", "43-4131", 177_600, 173_500, -2, -4_100),
            ("New accounts clerks", "43-4141", 38_900, 33_800, -13, -5_200),
            ("Insurance claims and policy processing clerks", "43-9041",
             256_700, 247_200, -4, -9_500),
        ),
        parts={
            "Brokerage clerks": 62_940, "Payroll and timekeeping clerks": 55_290,
            "Credit authorizers, checkers, and clerks": 49_130,
            "Loan interviewers and clerks": 48_950, "Procurement clerks": 48_510,
            "Insurance claims and policy processing clerks": 48_450,
            "Billing and posting clerks": 47_170, "New accounts clerks": 46_610,
            "Gambling cage workers": 36_990,
        },
    ),
}  # fmt: skip
Said = tuple[object, ...]
PAY, YEARS = "2024-05", "2024-2034"


def expected(profile: Profile) -> Counter[Said]:
    """Every figure of a page as often as it stands there.

    Occupation, industry, measure, statistic, period, signed value, reference period.
    """
    return Counter([*_pay(profile), *_outlook(profile)])


def _pay(page: Profile) -> Iterator[Said]:
    def wage(who: str, value: object, statistic: str = "median", industry: str = "",
             period: str = "year") -> Said:  # fmt: skip
        amount = Decimal(str(value))
        return who, industry, "pay", statistic, period, amount, PAY

    for _ in ("quick facts", "summary", "chart", "pay tab"):
        yield wage(page.title, page.year)
    yield wage(page.title, page.hour, period="hour")
    yield wage(page.title, page.p10, "p10")
    yield wage(page.title, page.p90, "p90")
    for _ in ("chart", "two notes", "that say the same"):
        yield wage(ALL, 49_500)
    yield wage(page.group[0], page.group[1])
    for industry, value in page.industries.items():
        yield wage(page.title, value, industry=industry)
    for title, value in [*page.neighbours.items(), *page.parts.items()]:
        yield wage(title, value)


def _outlook(page: Profile) -> Iterator[Said]:
    def said(who: str, measure: str, value: int, when: str = YEARS) -> Said:
        return who, "", measure, "unspecified", None, Decimal(value), when

    for _ in ("quick facts", "summary", "chart", "outlook tab"):
        yield said(page.title, "employment_change_percent", page.growth)
    yield said(page.title, "employment_change", page.change)
    yield said(page.title, "employment", page.jobs, "2024")
    yield said(page.title, "employment", page.held, "2024")
    for _ in ("summary", "outlook tab"):
        yield said(page.title, "openings_a_year", page.openings)
    for _ in ("chart", "note"):
        yield said(ALL, "employment_change_percent", 3)
    yield said(page.group[0], "employment_change_percent", page.group[2])
    for title, _, now, then, growth, change in page.rows:
        yield said(title, "employment", now, "2024")
        yield said(title, "employment_projected", then, "2034")
        yield said(title, "employment_change_percent", growth)
        yield said(title, "employment_change", change)
