package importer

import "strings"

// role is what a column is for.
type role uint8

const (
	valueRole role = iota
	textRole
	timeRole
	dateRole
	vehicleRole
	vinRole
	driverRole
	tripRole
	indexRole
	ignoreRole
	duplicateRole
	emptyRole
	longNameRole  // the long form: one row a value, here its name
	longValueRole // and its value
	longUnitRole  // and its unit
)

var roleNames = [...]string{"signal", "text", "time", "date", "vehicle", "vin", "driver", "trip", "index", "ignored", "duplicate", "empty", "name", "value", "unit"}

func (r role) String() string { return roleNames[r] }

// roleWords are titles that say what a column is for, plain. Several of a role are tried in their order.
var roleWords = map[role][]string{
	timeRole: {
		"devicetime", "timestamp", "at", "datetime", "dateandtime", "zeitstempel", "time", "zeit", "utctime", "utc", "localtime", "gpstime", "ts", "recordedat", "createdat", "logtime", "samplingtime", "sampletime",
		"t", "ts0", "times", "timesec", "seconds", "secs", "sec", "elapsed", "elapsedtime", "elapsedseconds", "timeelapsed", "timems", "timestampms", "timestamps", "millis", "milliseconds", "frametime", "czasramki", "epoch", "unixtime", "unixtimestamp", "uhrzeit", "hora", "heure", "tiempo", "temps", "tempo", "время", "时间", "clock", "offset", "timeoffset", "sessiontime", "logsecs", "recordtime", "eventtime",
	},
	dateRole:    {"date", "datum", "fecha", "data", "day", "gpsdate", "tripdate", "localdate", "дата", "日期"},
	vehicleRole: {"vehicleid", "vehicle", "carid", "car", "vehiclename", "carname", "vid", "vehid", "fahrzeug", "kennzeichen", "plate", "licenseplate", "unitid", "unit", "truck", "truckid", "assetid", "deviceid"},
	vinRole:     {"vin", "vehicleidentificationnumber", "fin"},
	driverRole:  {"driver", "driverid", "drivername", "fahrer", "person", "user", "userid", "conductor"},
	tripRole:    {"trip", "tripid", "tripnumber", "tripno", "session", "sessionid", "drive", "driveid", "ride", "rideid", "route", "routeid", "journey", "fahrt", "log", "logid", "file", "filename", "fragmentid", "source", "recording", "experiment", "run", "runid"},
	indexRole:   {"row", "index", "rowid", "id", "no", "nr", "record", "recordnumber", "line", "unnamed0", "sample", "samplenumber", "seq", "sequence"},
}

// roleOf returns the role that a title speaks for and how far it stands in its list.
func roleOf(t title) (role, int, bool) {
	bare := t.name
	if name, _, ok := cutBrackets(t.full); ok {
		bare = name
	}
	for _, name := range []string{plain(t.name), plain(t.full), plain(bare)} {
		for r, words := range roleWords {
			for i, w := range words {
				if w == name {
					return r, i, true
				}
			}
		}
	}
	if p := plain(t.full); strings.HasPrefix(p, "time") && t.said && timeUnit(t.unit) > 0 {
		return timeRole, 20, true
	}
	return 0, 0, false
}

// isElapsed tells titles of time that counts from the start.
func isElapsed(t title) bool {
	p := plain(t.full)
	for _, w := range []string{"elapsed", "since", "offset", "runtime", "sessiontime", "duration"} {
		if strings.Contains(p, w) {
			return true
		}
	}
	return false
}
