package simulator

import (
	"errors"
	"math"
	"math/rand/v2"
	"time"
)

// step is how finely the physics are computed, and longest how far it ever looks back: a simulator that
// stood unused for days does not compute them.
const (
	step    = 100 * time.Millisecond
	longest = 2 * time.Hour
)

// motion drives the car: speed from the cycle, gear from speed, engine speed from gear, load from the
// power that mass, air and rolling take, everything else from those. The same seed drives the same way.
type motion struct {
	v     vehicle
	start start
	rnd   *rand.Rand
	cycle []leg
	at    time.Duration
	now   state
	// slow states behind the ones that show
	engineOn bool
	phase    float64 // of the lambda control, rad
}

func newMotion(v vehicle, s start, seed uint64) *motion {
	m := &motion{v: v, start: s, rnd: rand.New(rand.NewPCG(seed, 0x0BD2)), cycle: v.Drive}
	if len(m.cycle) == 0 {
		m.cycle = mixedCycle(m.rnd)
	}
	coolant := v.CoolantC
	if s.warm && v.Engine != "electric" {
		coolant = 88
	}
	m.engineOn = s.running && (v.Engine == "petrol" || v.Engine == "diesel")
	m.now = state{
		Coolant: coolant, Intake: v.AmbientC + 6, Ambient: v.AmbientC, Oil: coolant - 4, Baro: 100,
		Fuel: v.FuelPct, Charge: v.ChargePct, Odometer: v.OdometerKm, Catalyst: v.AmbientC, Exhaust: v.AmbientC,
		LongFT: v.TrimPct, ClearKm: v.SinceClearKm, ClearMin: v.SinceClear, WarmUps: v.WarmUps,
		MILKm: v.WithMILKm, MILMin: v.WithMIL, Lambda: 1, O2: 0.45, O2After: 0.65, Volts: 12.4,
	}
	if s.warm {
		m.now.Catalyst, m.now.Exhaust, m.now.RunTime = 450, 380, 600
	}
	m.advance(step)
	return m
}

// state returns the car at a moment; time does not run backwards.
func (m *motion) state(at time.Duration) state {
	if at-m.at > longest {
		m.at = at - longest
	}
	for m.at+step <= at {
		m.advance(step)
	}
	return m.now
}

// advance computes one step.
func (m *motion) advance(d time.Duration) {
	m.at += d
	dt := d.Seconds()
	s := &m.now
	if !m.start.running {
		m.rest(s)
		return
	}
	before := s.Speed
	s.Speed = m.wantedSpeed(m.at.Seconds())
	accel := (s.Speed - before) / 3.6 / dt
	power := m.roadPower(s.Speed/3.6, accel)
	m.chooseEngine(s, power)
	s.Gear = m.gear(s.Speed)
	s.RPM = m.engineSpeed(s)
	m.airPath(s, power)
	m.mixture(s, dt)
	m.heat(s, power, dt)
	m.books(s, power, dt)
}

// rest is the car with the engine off: nothing moves, the sensors still read.
func (m *motion) rest(s *state) {
	s.MAP, s.Lambda = s.Baro, 1
	s.Throttle = 14
	s.Volts = (12.2 + 0.02*m.noise()) * m.v.Supply / 12
	s.Running = false
}

func (m *motion) noise() float64 { return 2*m.rnd.Float64() - 1 }

// wantedSpeed interpolates the cycle in km/h.
func (m *motion) wantedSpeed(t float64) float64 {
	if m.start.parked {
		return 0
	}
	var whole float64
	for _, l := range m.cycle {
		whole += l.Seconds
	}
	t = math.Mod(t, whole)
	from := 0.0
	for _, l := range m.cycle {
		if t < l.Seconds {
			return from + (l.Speed-from)*t/l.Seconds
		}
		t -= l.Seconds
		from = l.Speed
	}
	return from
}

// roadPower is what driving takes in W; negative when braking.
func (m *motion) roadPower(v, accel float64) float64 {
	const (
		rolling = 0.011 * 9.81
		drag    = 0.5 * 1.2 * 0.65 // air density, drag area
	)
	if v <= 0.1 {
		return 0
	}
	return v * (m.v.MassKg*(accel+rolling) + drag*v*v)
}

// chooseEngine decides whether a hybrid's engine runs.
func (m *motion) chooseEngine(s *state, power float64) {
	if m.v.Engine == "hybrid" {
		switch {
		case power > 15e3 || s.Speed > 70 || s.Charge < 30 || s.Coolant < 40 && s.Speed > 5:
			m.engineOn = true
		case power < 4e3 && s.Speed < 55 && s.Charge > 40:
			m.engineOn = false
		}
	}
	s.Running = m.engineOn
}

// gear picks the gear for a speed in km/h; 0 at standstill.
func (m *motion) gear(speed float64) int {
	if speed < 3 || len(m.v.Gears) == 0 {
		return 0
	}
	for i, perKmh := range m.v.Gears {
		if speed*perKmh < m.v.ShiftRPM {
			return i + 1
		}
	}
	return len(m.v.Gears)
}

// engineSpeed is in rpm: idle (raised while cold) or what gear and speed give.
func (m *motion) engineSpeed(s *state) float64 {
	if !m.engineOn {
		return 0
	}
	idle := m.v.IdleRPM + max(0, 60-s.Coolant)*6
	rough := 8 + 70*m.v.Misfire*max(0, 1-s.Speed/60)
	rpm := idle
	if s.Gear > 0 {
		rpm = max(idle, s.Speed*m.v.Gears[s.Gear-1])
	}
	return rpm + rough*m.noise()
}

// mixedCycle is town, country road and motorway of about twenty minutes, stretched a little by the seed.
func mixedCycle(rnd *rand.Rand) []leg {
	base := []leg{
		{20, 0}, {10, 32}, {25, 35}, {8, 0}, {18, 0}, {12, 50}, {40, 52}, {10, 30}, {14, 50}, {30, 48}, {12, 0},
		{25, 0}, {9, 28}, {20, 30}, {9, 0}, {12, 0}, {14, 55}, {30, 58}, {20, 82}, {80, 85}, {12, 70}, {40, 72},
		{16, 100}, {90, 102}, {15, 118}, {160, 121}, {20, 90}, {50, 92}, {14, 50}, {35, 50}, {10, 0}, {15, 0},
		{10, 30}, {40, 31}, {8, 0}, {30, 0},
	}
	cycle := make([]leg, len(base))
	for i, l := range base {
		cycle[i] = leg{l.Seconds * (0.85 + 0.3*rnd.Float64()), l.Speed * (0.94 + 0.12*rnd.Float64())}
	}
	return cycle
}

// check finds numbers that the physics cannot work with, and fills what is absent.
func (v *vehicle) check() error {
	switch v.Engine {
	case "petrol", "diesel", "hybrid", "electric":
	default:
		return errors.New("vehicle: engine must be petrol, diesel, hybrid or electric")
	}
	v.Litres = orDefault(v.Litres, 1.6)
	v.IdleRPM = orDefault(v.IdleRPM, 760)
	v.TorqueNm = orDefault(v.TorqueNm, 155)
	v.MassKg = orDefault(v.MassKg, 1350)
	v.ShiftRPM = orDefault(v.ShiftRPM, 2300)
	v.Supply = orDefault(v.Supply, 12)
	v.FuelPct = orDefault(v.FuelPct, 60)
	if len(v.Gears) == 0 && v.Engine != "electric" {
		v.Gears = []float64{125, 70, 47, 36, 29, 24}
	}
	total := 0.0
	for _, l := range v.Drive {
		if l.Seconds <= 0 || l.Speed < 0 || l.Speed > 400 {
			return errors.New("vehicle: every leg of the drive needs a time above 0 and a speed from 0 to 400 km/h")
		}
		total += l.Seconds
	}
	if len(v.Drive) > 1000 || math.IsInf(total, 0) || math.IsNaN(total) {
		return errors.New("vehicle: the drive is too long")
	}
	return nil
}

func orDefault(v, d float64) float64 {
	if v <= 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return d
	}
	return v
}
