package simulator

// state is everything that the sensors of the car see at one moment. Scenario files write freeze
// frames in the same words.
type state struct {
	Running  bool    `yaml:"running"`
	RunTime  float64 `yaml:"run_time"` // s since engine start
	RPM      float64 `yaml:"rpm"`
	Speed    float64 `yaml:"speed"`    // km/h
	Gear     int     `yaml:"gear"`     // 0 = neutral
	Load     float64 `yaml:"load"`     // calculated load, %
	AbsLoad  float64 `yaml:"abs_load"` // %
	Throttle float64 `yaml:"throttle"` // %
	Pedal    float64 `yaml:"pedal"`    // %
	MAP      float64 `yaml:"map"`      // kPa absolute
	Baro     float64 `yaml:"baro"`     // kPa
	MAF      float64 `yaml:"maf"`      // g/s
	Coolant  float64 `yaml:"coolant"`  // Cel
	Intake   float64 `yaml:"intake"`   // Cel
	Ambient  float64 `yaml:"ambient"`  // Cel
	Oil      float64 `yaml:"oil"`      // Cel
	ShortFT  float64 `yaml:"short_trim"`
	LongFT   float64 `yaml:"long_trim"`
	Closed   bool    `yaml:"closed_loop"`
	O2       float64 `yaml:"o2"`      // V before the catalyst, bank 1
	O2After  float64 `yaml:"o2_post"` // V behind it
	Lambda   float64 `yaml:"lambda"`  // measured
	Timing   float64 `yaml:"timing"`  // degrees before top dead centre
	Fuel     float64 `yaml:"fuel"`    // tank, %
	FuelRate float64 `yaml:"fuel_rate"`
	Rail     float64 `yaml:"rail"`  // fuel rail, kPa
	Volts    float64 `yaml:"volts"` // supply
	Catalyst float64 `yaml:"catalyst"`
	Exhaust  float64 `yaml:"exhaust"` // gas before the turbine, Cel
	EGR      float64 `yaml:"egr"`     // commanded, %
	Purge    float64 `yaml:"purge"`   // %
	Torque   float64 `yaml:"torque"`  // % of reference
	NOx      float64 `yaml:"nox"`     // ppm
	Soot     float64 `yaml:"soot"`    // pressure over the particulate filter, kPa
	Charge   float64 `yaml:"charge"`  // traction battery, %
	Current  float64 `yaml:"current"` // traction battery, A, positive when it gives
	Odometer float64 `yaml:"odometer"`

	ClearKm  float64 `yaml:"clear_km"`
	ClearMin float64 `yaml:"clear_min"`
	WarmUps  float64 `yaml:"warm_ups"`
	MILKm    float64 `yaml:"mil_km"`
	MILMin   float64 `yaml:"mil_min"`
}

// start is how a car stands there when the adapter is plugged in.
type start struct {
	ignition bool
	running  bool
	warm     bool // coolant at its working temperature
	parked   bool // idles instead of driving
}

// starts are the values of the option "at".
var starts = map[string]start{
	"engine-running": {ignition: true, running: true},
	"warm":           {ignition: true, running: true, warm: true},
	"idle":           {ignition: true, running: true, warm: true, parked: true},
	"cold-idle":      {ignition: true, running: true, parked: true},
	"engine-off":     {ignition: true, parked: true},
	"ignition-off":   {parked: true},
}
