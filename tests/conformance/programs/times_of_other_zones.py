# expect: ok
# stdout: "2026-07-01T14:00:00+02:00 ('UTC', 'UTC')\n"
import datetime, time, zoneinfo
noon = datetime.datetime(2026, 7, 1, 12, tzinfo=datetime.timezone.utc)
print(noon.astimezone(zoneinfo.ZoneInfo("Europe/Paris")).isoformat(), time.tzname)
