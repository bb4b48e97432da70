package assess

import "github.com/fleetms/obdctl/internal/obd"

// plan is what a monitor needs to run. Makers differ in detail; these are the conditions that their
// drive cycles have in common.
type plan struct {
	advice string
	warm   bool // needs an engine at working temperature
	cold   bool // needs a start after a cold soak
	tank   bool // needs a fuel level between the limits
	// codes start the trouble codes whose faults make an ECU suspend the monitor.
	codes []string
}

var (
	misfireCodes = []string{"P030"}
	mixtureCodes = []string{"P0171", "P0172", "P0174", "P0175", "P010", "P011"}
	sensorCodes  = []string{"P013", "P014", "P015", "P016", "P003", "P005"}
	coolantCodes = []string{"P0125", "P0126", "P0128", "P011"}
	dosingCodes  = []string{"P20", "P22", "P24"}
)

func with(lists ...[]string) []string {
	var all []string
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

var plans = map[obd.MonitorID]plan{
	obd.MonitorMisfire: {
		advice: "Start the engine, let it idle for two minutes, then drive ten minutes with changing speed and load.",
	},
	obd.MonitorFuelSystem: {
		advice: "Warm the engine up, then drive ten minutes at steady speed and let it idle for two minutes.",
		warm:   true,
	},
	obd.MonitorComponents: {
		advice: "Start the engine and drive for ten minutes with stops; most parts are checked within that.",
	},
	obd.MonitorCatalyst: {
		advice: "Warm the engine up, cruise at a steady 80 to 100 km/h for 15 minutes, then coast down without braking to 30 km/h, two or three times.",
		warm:   true, codes: with(misfireCodes, mixtureCodes, sensorCodes, coolantCodes),
	},
	obd.MonitorHeatedCat: {
		advice: "Start after a cold soak of 8 hours and let the engine idle for three minutes before driving.",
		cold:   true, codes: with(misfireCodes, sensorCodes),
	},
	obd.MonitorEvap: {
		advice: "With 15 to 85 % fuel, let the car stand for 8 hours at 5 to 35 °C, start cold, idle for two minutes, drive 20 minutes at a steady 80 km/h, then switch off and leave it closed for an hour.",
		cold:   true, tank: true, codes: with([]string{"P044", "P045", "P049"}, coolantCodes),
	},
	obd.MonitorSecondaryAir: {
		advice: "Start after a cold soak of 8 hours, let the engine idle for two minutes, then drive off gently.",
		cold:   true, codes: []string{"P041", "P049"},
	},
	obd.MonitorACRefrigerant: {
		advice: "Let the engine idle for ten minutes with the air conditioning on.",
		warm:   true,
	},
	obd.MonitorOxygenSensor: {
		advice: "Warm the engine up, cruise at a steady 70 to 90 km/h for ten minutes, coast down twice, then idle for two minutes.",
		warm:   true, codes: with(misfireCodes, mixtureCodes, sensorCodes),
	},
	obd.MonitorOxygenHeater: {
		advice: "Start after a cold soak of 8 hours, let the engine idle for five minutes, then drive ten minutes.",
		codes:  sensorCodes,
	},
	obd.MonitorEGR: {
		advice: "Warm the engine up, cruise at a steady 70 to 90 km/h for ten minutes, then coast down without braking to 30 km/h, three times.",
		warm:   true, codes: with([]string{"P040", "P048", "P001", "P002"}, coolantCodes),
	},
	obd.MonitorNMHCCatalyst: {
		advice: "Warm the engine up, then drive 20 minutes at a steady 80 to 110 km/h; the check often runs while the particulate filter regenerates.",
		warm:   true, codes: dosingCodes,
	},
	obd.MonitorNOxSCR: {
		advice: "With enough reductant in its tank, warm the engine up and drive 30 minutes at a steady 80 to 110 km/h.",
		warm:   true, codes: dosingCodes,
	},
	obd.MonitorBoost: {
		advice: "Warm the engine up, then accelerate firmly from 50 to 100 km/h three times, with a minute of steady driving in between.",
		warm:   true, codes: []string{"P0234", "P0299", "P023", "P004"},
	},
	obd.MonitorExhaustGas: {
		advice: "Warm the engine up, cruise at a steady 80 to 100 km/h for 15 minutes, then coast down without braking, twice.",
		warm:   true, codes: with(sensorCodes, dosingCodes),
	},
	obd.MonitorPMFilter: {
		advice: "Drive 30 minutes at a steady 80 to 110 km/h with a warm engine, so that the filter can regenerate, and do not switch off while it does.",
		warm:   true, codes: []string{"P20", "P24"},
	},
}
