package importer

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/fleetms/obdctl/internal/catalog"
)

// fixed is a signal that is no PID: where the vehicle is and how it moves.
type fixed struct {
	id, name, unit string
	bounds         bounds
}

var fixedSignals = []fixed{
	{"GPS_LAT", "Latitude (WGS 84)", "deg", bounds{-90, 90}},
	{"GPS_LON", "Longitude (WGS 84)", "deg", bounds{-180, 180}},
	{"GPS_ALT", "Altitude", "m", bounds{-1000, 20000}},
	{"GPS_SPEED", "Speed by satellite", "km/h", bounds{0, 1000}},
	{"GPS_BEARING", "Bearing", "deg", bounds{-180, 360}},
	{"GPS_HDOP", "Horizontal dilution of precision", "", bounds{}},
	{"GPS_ACCURACY", "Accuracy of the position", "m", bounds{}},
	{"GPS_SATELLITES", "Satellites in use", "", bounds{}},
	{"ACC_X", "Acceleration, x axis", "m/s2", bounds{}},
	{"ACC_Y", "Acceleration, y axis", "m/s2", bounds{}},
	{"ACC_Z", "Acceleration, z axis", "m/s2", bounds{}},
	{"ACC_LONG", "Acceleration, forward", "m/s2", bounds{}},
	{"ACC_LAT", "Acceleration, sideways", "m/s2", bounds{}},
	{"GYRO_X", "Rate of rotation, x axis", "deg/s", bounds{}},
	{"GYRO_Y", "Rate of rotation, y axis", "deg/s", bounds{}},
	{"GYRO_Z", "Rate of rotation, z axis", "deg/s", bounds{}},
}

// fixedNames are the names by which logs call them, plain.
var fixedNames = map[string]string{
	"latitude": "GPS_LAT", "lat": "GPS_LAT", "gpslatitude": "GPS_LAT", "gpslat": "GPS_LAT", "auxgpslatitude": "GPS_LAT", "latitudegps": "GPS_LAT",
	"longitude": "GPS_LON", "longtitude": "GPS_LON", "lon": "GPS_LON", "lng": "GPS_LON", "long": "GPS_LON", "gpslongitude": "GPS_LON", "gpslon": "GPS_LON", "gpslong": "GPS_LON", "auxgpslongitude": "GPS_LON",
	"altitude": "GPS_ALT", "alt": "GPS_ALT", "gpsaltitude": "GPS_ALT", "altitudegps": "GPS_ALT", "gpsheight": "GPS_ALT", "height": "GPS_ALT", "elevation": "GPS_ALT", "gpsalt": "GPS_ALT", "auxgpsaltitude": "GPS_ALT",
	"gpsspeed": "GPS_SPEED", "speedgps": "GPS_SPEED", "gpsvelocity": "GPS_SPEED", "auxgpsspeed": "GPS_SPEED", "velocitagps": "GPS_SPEED", "velocitàgps": "GPS_SPEED", "geschwindigkeitgps": "GPS_SPEED", "vitessegps": "GPS_SPEED", "velocidadgps": "GPS_SPEED", "скоростьgps": "GPS_SPEED",
	"bearing": "GPS_BEARING", "heading": "GPS_BEARING", "gpsbearing": "GPS_BEARING", "gpsheading": "GPS_BEARING", "gpscourse": "GPS_BEARING", "course": "GPS_BEARING", "auxgpscourse": "GPS_BEARING", "track": "GPS_BEARING",
	"horizontaldilutionofprecision": "GPS_HDOP", "hdop": "GPS_HDOP", "gpsaccuracy": "GPS_ACCURACY", "accuracy": "GPS_ACCURACY", "auxgpshorzaccuracy": "GPS_ACCURACY",
	"gpssatellites": "GPS_SATELLITES", "satellites": "GPS_SATELLITES", "sats": "GPS_SATELLITES",
	"gx": "ACC_X", "gy": "ACC_Y", "gz": "ACC_Z", "accx": "ACC_X", "accy": "ACC_Y", "accz": "ACC_Z", "xacc": "ACC_X", "yacc": "ACC_Y", "zacc": "ACC_Z", "accelx": "ACC_X", "accely": "ACC_Y", "accelz": "ACC_Z",
	"gravityx": "ACC_X", "gravityy": "ACC_Y", "gravityz": "ACC_Z", "accelerationx": "ACC_X", "accelerationy": "ACC_Y", "accelerationz": "ACC_Z", "accelerometerx": "ACC_X", "accelerometery": "ACC_Y", "accelerometerz": "ACC_Z",
	"accelerationsensorxaxis": "ACC_X", "accelerationsensoryaxis": "ACC_Y", "accelerationsensorzaxis": "ACC_Z",
	"longitudinalacc": "ACC_LONG", "lineal": "ACC_LONG", "linealg": "ACC_LONG", "auxaccelforward": "ACC_LONG", "longitudinalacceleration": "ACC_LONG",
	"lateralacc": "ACC_LAT", "lateral": "ACC_LAT", "lateralg": "ACC_LAT", "auxaccellateral": "ACC_LAT", "lateralacceleration": "ACC_LAT",
	"gyrx": "GYRO_X", "gyry": "GYRO_Y", "gyrz": "GYRO_Z", "gyrox": "GYRO_X", "gyroy": "GYRO_Y", "gyroz": "GYRO_Z", "xrateofrotation": "GYRO_X", "yrateofrotation": "GYRO_Y", "zrateofrotation": "GYRO_Z",
}

// aliases are names of logs for signals of the catalogue, plain, beside those that the catalogue has.
var aliases = map[string]string{
	"mph": "VSS", "kph": "VSS", "kmh": "VSS", "obdspeed": "VSS", "speedobd2": "VSS", "wheelspeed": "VSS", "vehiclespeedsensor": "VSS", "geschwindigkeit": "VSS", "vitesse": "VSS", "velocidad": "VSS", "velocità": "VSS", "velocita": "VSS", "fahrzeuggeschwindigkeit": "VSS", "скорость": "VSS", "velocidadvehiculo": "VSS", "车速": "VSS",
	"enginerpmobd": "RPM", "obdrpm": "RPM", "motordrehzahl": "RPM", "drehzahl": "RPM", "régimemoteur": "RPM", "regimemoteur": "RPM", "rpmmotor": "RPM", "revolucionesmotor": "RPM", "girimotore": "RPM", "regimemotore": "RPM", "оборотыдвигателя": "RPM", "发动机转速": "RPM", "enginespeedrpm": "RPM", "tachometer": "RPM",
	"coolant": "ECT", "enginecoolant": "ECT", "watertemp": "ECT", "kühlmitteltemperatur": "ECT", "kühlwassertemperatur": "ECT", "kuehlmitteltemperatur": "ECT", "températureliquiderefroidissement": "ECT", "temperaturarefrigerante": "ECT", "temperaturaliquidorefrigerante": "ECT", "coolanttemp1": "ECT", "enginetemp": "ECT", "enginetemperature": "ECT", "cooltemp": "ECT",
	"airintaketemp": "IAT", "airintaketemperature": "IAT", "ansauglufttemperatur": "IAT", "intakeairtemp1": "IAT", "airtemp": "IAT",
	"ambientairtemperatureobd": "AAT", "ambientair": "AAT", "aussentemperatur": "AAT", "außentemperatur": "AAT", "umgebungstemperatur": "AAT",
	"engineoil": "EOT", "öltemperatur": "EOT", "motoröltemperatur": "EOT", "oeltemperatur": "EOT",
	"intakemanifoldpressureabsolute": "MAP", "mapsensor": "MAP", "saugrohrdruck": "MAP", "ansaugdruck": "MAP", "barometricpressurefromvehicle": "BARO", "baropressure": "BARO", "baro": "BARO", "luftdruck": "BARO", "barometricpress": "BARO",
	"mafsensor": "MAF", "airflow": "MAF", "luftmasse": "MAF", "luftmassenstrom": "MAF", "airflowratefrommassairflowsensor": "MAF", "airflowfrommassairflowsensor": "MAF",
	"tps": "TP", "throttlepct": "TP", "absthrottleposition": "TP", "absolutethrottle": "TP", "drosselklappe": "TP", "drosselklappenstellung": "TP", "throttlepositionabsolute": "TP", "positionpapillon": "TP",
	"absolutethrottleb": "TP_B", "absolutethrottlec": "TP_C", "tpsb": "TP_B", "relativetps": "TP_R", "relthrottle": "TP_R",
	"appd": "APP_D", "appe": "APP_E", "appf": "APP_F", "acceleratorpedald": "APP_D", "acceleratorpedale": "APP_E", "acceleratorpedalf": "APP_F", "acceleratorposd": "APP_D", "accelerator": "APP_D", "acceleratorpedalpositione": "APP_E", "gaspedal": "APP_D", "pedalposition": "APP_D", "pedal": "APP_D", "fahrpedal": "APP_D", "relativeacceleratorpedalposition": "APP_R",
	"commandedthrottleactuator": "TAC_PCT", "timingadvanceforcylinder1": "SPARKADV", "timingadvance1": "SPARKADV", "ignitiontimingadvanceforcylinder1": "SPARKADV", "ignitiontimingadvancefor1cylinder": "SPARKADV", "ignadvance": "SPARKADV", "zündwinkel": "SPARKADV", "timing": "SPARKADV",
	"loadpct": "LOAD_PCT", "load": "LOAD_PCT", "engineloadcalculated": "LOAD_PCT", "calculatedengineload": "LOAD_PCT", "calculatedengineloadvalue": "LOAD_PCT", "motorlast": "LOAD_PCT", "calcload": "LOAD_PCT", "motorlastberechnet": "LOAD_PCT", "absload": "LOAD_ABS", "absoluteloadvalue": "LOAD_ABS",
	"fueltrimbank1shortterm": "SHRTFT1", "fueltrimbank1longterm": "LONGFT1", "fueltrimbank2shortterm": "SHRTFT2", "fueltrimbank2longterm": "LONGFT2", "shorttermfueltrimbank1": "SHRTFT1", "longtermfueltrimbank1": "LONGFT1", "shorttermfueltrimbank2": "SHRTFT2", "longtermfueltrimbank2": "LONGFT2",
	"shortfueltrim": "SHRTFT1", "longfueltrim": "LONGFT1", "shortfueltrim1": "SHRTFT1", "stftbank1": "SHRTFT1", "ltftbank1": "LONGFT1", "stftbank2": "SHRTFT2", "ltftbank2": "LONGFT2", "shrtft1": "SHRTFT1", "shorttermfuel%trimbank1": "SHRTFT1", "shorttermfueltrim1": "SHRTFT1", "longtermfueltrim1": "LONGFT1", "shorttermfueltrim2": "SHRTFT2", "longtermfueltrim2": "LONGFT2", "stftb1": "SHRTFT1", "ltftb1": "LONGFT1",
	"fueltank": "FLI", "fuellevelfromengineecu": "FLI", "fuelremaining": "FLI", "tankfüllstand": "FLI", "tankinhalt": "FLI", "fuelremainingcalculatedfromvehicleprofile": "",
	"fuelflow": "FUEL_RATE", "calculatedinstantfuelrate": "", "fuelrailpressurerelative": "FRP_REL", "fuelrailpressuregauge": "FRP",
	"fuelaircommandedequivratio": "EQ_RAT", "fuelaircommandedequivalenceratio": "EQ_RAT", "commandedequivalenceratiolambda": "EQ_RAT", "equivalenceratio": "EQ_RAT", "lambdasoll": "EQ_RAT",
	"voltageobd": "VPWR", "obdmodulevoltage": "VPWR", "controlmodulevoltageobd": "VPWR", "ecuvoltage": "VPWR", "batteryvolts": "VPWR", "systemvoltage": "VPWR", "vbat": "VPWR", "battery": "VPWR", "batteryv": "VPWR", "bordspannung": "VPWR", "batteriespannung": "VPWR", "modulevolts": "VPWR",
	"catalysttemperaturebank1sensor1": "CATEMP11", "catalysttemperaturebank1sensor2": "CATEMP12", "catalysttemperaturebank2sensor1": "CATEMP21", "catalysttemperaturebank2sensor2": "CATEMP22", "catalysttempbank1sensor1": "CATEMP11", "catalysttempbank1sensor2": "CATEMP12",
	"o2volts1": "O2S11", "o2bank1sensor1": "O2S11", "o2bank1sensor2": "O2S12", "oxygensensor1bank1voltage": "O2S11", "oxygensensor2bank1voltage": "O2S12", "oxygensensor1bank2voltage": "O2S21", "oxygensensor2bank2voltage": "O2S22", "o2bank1sensor1voltage": "O2S11", "o2bank1sensor2voltage": "O2S12", "o2sensor1voltage": "O2S11", "o2sensor2voltage": "O2S12",
	"commandedevaporativepurge": "EVAP_PCT", "evapcommanded": "EVAP_PCT", "timerunwithmilon": "MIL_TIME", "distancetraveledwithmilon": "MIL_DIST", "distancetravelledwithmilon": "MIL_DIST", "distancetraveledwithmilcelon": "MIL_DIST", "timesincetroublecodescleared": "CLR_TIME", "timesincecodescleared": "CLR_TIME", "distancetraveledsincecodescleared": "CLR_DIST", "distancetravelledsincecodescleared": "CLR_DIST", "distancesincecodescleared": "CLR_DIST", "warmupssincecodescleared": "WARM_UPS", "warmupscyclessincecodescleared": "WARM_UPS",
	"airflowratefrommassflowsensor": "MAF", "o2sensor1bank1voltage": "O2S11", "o2sensor2bank1voltage": "O2S12", "o2sensor1bank2voltage": "O2S21", "o2sensor2bank2voltage": "O2S22", "motortemperatur": "ECT", "pedald": "APP_D", "pedale": "APP_E", "engineloadabsolute": "LOAD_ABS",
	"engineruntine": "RUNTM", "engineruntime": "RUNTM", "runtime": "RUNTM", "runtimesinceenginestart": "RUNTM", "timesinceenginestart": "RUNTM", "engineruntimesincestart": "RUNTM", "enginerun": "RUNTM", "egrcommanded": "EGR_PCT", "commandedegr": "EGR_PCT", "egrerror": "EGR_ERR",
	"absolutebarometricpressure": "BARO", "relativethrottleposition": "TP_R", "enginefuelrate": "FUEL_RATE", "fuelstatus": "FUELSYS1", "fuelsystemstatus": "FUELSYS1", "ethanol": "ALCH_PCT", "ethanolfuel": "ALCH_PCT", "enginereftorque": "TQ_REF", "odometerobd": "ODO", "kilometerstand": "ODO", "odometerkm": "ODO",
	"temperaturaliquidodiraffreddamento": "ECT", "temperaturadelliquidodiraffreddamento": "ECT", "temperatureduliquidederefroidissement": "ECT", "temperatureliquidederefroidissement": "ECT", "temperaturadelrefrigerante": "ECT", "temperaturadelliquidorefrigerante": "ECT", "temperaturadelliquidodeenfriamiento": "ECT", "температураохлаждающейжидкости": "ECT", "температураож": "ECT", "temperaturadoliquidodearrefecimento": "ECT", "temperaturaplynuchlodzacego": "ECT", "enginecoolanttemperature1": "ECT",
	"fuelratedirectfromecu":                             "FUEL_RATE",
	"distancetraveledwithmalfunctionindicatorlampmilon": "MIL_DIST", "distancetravelledwithmilcellit": "MIL_DIST", "distancetravelledwithmalfunctionindicatorlampmilon": "MIL_DIST",
	"o2voltagebank1sensor1": "O2S11",
	"o2voltagebank1sensor2": "O2S12",
	"o2voltagebank2sensor1": "O2S21",
	"o2voltagebank2sensor2": "O2S22",
	"rpmdelmotor":           "RPM", "rotacaodomotor": "RPM", "obrotysilnika": "RPM", "regimendelmotor": "RPM",
	"oxygensensor1bank1shorttermfueltrim": "SHRTFT11",
	"oxygensensor2bank1shorttermfueltrim": "SHRTFT12",
	"oxygensensor1bank2shorttermfueltrim": "SHRTFT21",
	"oxygensensor2bank2shorttermfueltrim": "SHRTFT22",
	"ignitiontimingadvance":               "SPARKADV", "ignitiontiming": "SPARKADV",
	"driversdemandenginetorque": "TQ_DD",
	"velocitaveicolo":           "VSS", "velocitadelveicolo": "VSS", "vitesseduvehicule": "VSS", "vitessevehicule": "VSS", "velocidaddelvehiculo": "VSS", "скоростьавтомобиля": "VSS", "скоростьтранспортногосредства": "VSS", "velocidadedoveiculo": "VSS", "predkoscpojazdu": "VSS",
	"numberofwarmupssincedtcscleared": "WARM_UPS", "numberofwarmupssincecodescleared": "WARM_UPS", "warmupssincedtcscleared": "WARM_UPS",
	"turbodruck": "", "dtccount": "DTC_CNT", "hybridbatterycharge": "BAT_SOC", "hybridevbatterycharge": "BAT_SOC", "hybridevsystembatterycharge": "BAT_SOC", "stateofchargedisplay": "",
}

// prefixes are what some programs put before every name.
var prefixes = []string{"SAE.", "OBD.", "OBD2.", "obd_", "OBD ", "OBD-", "pid_", "PID ", "can_", "ECU ", "[ECM]", "[PCM]", "[ECU]", "[Engine]", "PCM.", "ECM.", "GEN."}

var withoutBrackets = strings.NewReplacer("(", " ", ")", " ", "[", " ", "]", " ")

// resolve returns the canonical signal that a name means, "" when none is known.
func resolve(cat *catalog.Catalog, t title) string {
	for _, n := range spellings(t) {
		p := plain(n)
		if id, ok := fixedNames[p]; ok {
			return id
		}
		if strings.Contains(p, "gps") {
			continue // what a satellite says is no PID of a car
		}
		if id := alias(p); id != "" {
			return id
		}
		// Words in brackets belong to the name: "Engine Load(Absolute)" is another signal.
		if id, ok := cat.Canonical(strings.TrimSpace(withoutBrackets.Replace(n))); ok {
			return id
		}
	}
	return ""
}

// alias looks a plain name up, then without the marks that some leave out: "vélocité" as "velocite".
func alias(p string) string {
	if id := aliases[p]; id != "" {
		return id
	}
	return aliases[fold(p)]
}

// fold takes the marks off letters.
func fold(p string) string {
	return norm.NFC.String(strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Mn, c) {
			return -1
		}
		return c
	}, norm.NFD.String(p)))
}

func spellings(t title) []string {
	names := []string{t.bare}
	if i := strings.Index(strings.ToUpper(t.name), "SPN "); i > 1 { // "Engine Speed (SPN 190)"
		names = append(names, strings.TrimRight(t.name[:i], " (["))
	}
	if t.name != t.bare {
		names = append(names, t.name)
	}
	for _, p := range prefixes {
		if len(t.name) > len(p) && strings.EqualFold(t.name[:len(p)], p) {
			names = append(names, strings.TrimSpace(t.name[len(p):]))
		}
	}
	return names
}

// describe returns the name and unit of a known signal.
func describe(cat *catalog.Catalog, id string) (name, unit string, known bool) {
	for _, f := range fixedSignals {
		if f.id == id {
			return f.name, f.unit, true
		}
	}
	if _, s := cat.Find(id); s != nil {
		return s.Name, s.Unit, true
	}
	return "", "", false
}
