package simulator

import "math"

// airPath follows from the power that the road takes: load, throttle, pressures, air mass.
func (m *motion) airPath(s *state, power float64) {
	if !m.engineOn {
		s.Load, s.AbsLoad, s.MAF, s.Torque, s.Timing = 0, 0, 0, 0, 0
		s.MAP, s.Pedal, s.Throttle, s.EGR, s.Purge = s.Baro, clamp(power/900, 0, 100), 14, 0, 0
		s.Rail, s.NOx = 0, 0
		return
	}
	omega := s.RPM * 2 * math.Pi / 60
	need := max(0, power) / omega / m.v.TorqueNm // of the reference torque
	s.Torque = clamp(100*need+9, 0, 100)
	s.Load = clamp(18+82*need+4*max(0, 60-s.Coolant)/60+m.noise(), 8, 100)
	if power < -1000 && s.RPM > 1300 { // fuel cut-off
		s.Load, s.Torque = clamp(9+m.noise(), 0, 100), 0
	}
	s.Pedal = clamp(need*95, 0, 100)
	if m.v.Engine == "diesel" {
		boost := 140 * clamp((s.RPM-1200)/1500, 0, 1) * clamp(need, 0, 1)
		s.MAP = s.Baro + boost
		s.Throttle, s.Timing = 85, 2+6*need
		s.EGR = clamp(45-60*need, 0, 60)
		s.Rail = 28e3 + 120e3*clamp(need, 0, 1)
		s.NOx = 80 + 600*need
	} else {
		s.MAP = clamp(22+0.75*s.Load+0.6*m.noise(), 15, s.Baro)
		s.Throttle = clamp(12+0.55*s.Load, 0, 100)
		s.Timing = clamp(30-0.25*s.Load+3*m.noise(), -10, 50)
		s.EGR, s.Rail = clamp(20*need, 0, 25), 380
		s.Purge = clamp(s.Coolant-60, 0, 35)
	}
	// ideal gas in the cylinders, a volumetric efficiency of 0.85, two revolutions per charge
	air := m.v.Litres * s.MAP / (0.287 * (s.Intake + 273)) * 0.85
	s.MAF = air * s.RPM / 120
	s.AbsLoad = clamp(100*air/(1.184*m.v.Litres), 0, 400)
}

// mixture is the lambda control: it oscillates around the mean while closed loop.
func (m *motion) mixture(s *state, dt float64) {
	s.Closed = m.engineOn && s.Coolant > 40 && s.Load < 85
	m.phase = math.Mod(m.phase+2*math.Pi*0.9*dt, 2*math.Pi)
	wave := math.Sin(m.phase)
	if !s.Closed || m.v.Engine == "diesel" {
		s.ShortFT, s.Lambda, s.O2, s.O2After = 0, 1, 0.45, 0.45
		if m.v.Engine == "diesel" && m.engineOn {
			s.Lambda = clamp(4.2-0.03*s.Load, 1.1, 4)
		}
		return
	}
	s.ShortFT = 2.2*wave + 3*m.v.Misfire + 0.6*m.noise()
	s.Lambda = 1 - 0.012*wave + 0.015*m.v.Misfire
	s.O2 = 0.45 + 0.38*wave
	s.O2After = 0.66 + 0.05*wave*(1+5*m.v.Misfire)
}

// heat warms the masses towards where the power drives them.
func (m *motion) heat(s *state, power, dt float64) {
	towards := func(v *float64, to, seconds float64) { *v += (to - *v) * dt / seconds }
	if !m.engineOn {
		towards(&s.Coolant, s.Ambient, 4000)
		towards(&s.Catalyst, s.Ambient, 600)
		towards(&s.Exhaust, s.Ambient, 200)
		return
	}
	thermostat := 90 + 1.5*math.Sin(s.RunTime/25)
	towards(&s.Coolant, min(s.Coolant+30, thermostat), 110-60*clamp(power/20e3, 0, 1))
	towards(&s.Oil, s.Coolant+clamp(power/4e3, -4, 14), 160)
	towards(&s.Intake, s.Ambient+8+12*clamp(1-s.Speed/80, 0, 1), 120)
	towards(&s.Exhaust, 250+5*s.Load, 40)
	towards(&s.Catalyst, 330+4.2*s.Load, 90)
}

// books keeps what adds up: distances, times, fuel, charge.
func (m *motion) books(s *state, power, dt float64) {
	km := s.Speed * dt / 3600
	s.Odometer += km
	s.ClearKm += km
	s.MILKm += km
	s.ClearMin += dt / 60
	s.MILMin += dt / 60
	switch {
	case m.engineOn:
		s.RunTime += dt
		s.FuelRate = s.MAF / (14.7 * max(s.Lambda, 1)) * 3.6 / 0.745 // l/h
		s.Volts = 14.1 + 0.08*m.noise() - 0.2*m.v.Misfire
	default:
		s.FuelRate = 0
		s.Volts = 13.9 + 0.05*m.noise()
	}
	s.Volts *= m.v.Supply / 12
	s.Fuel = clamp(s.Fuel-s.FuelRate*dt/3600/45*100, 0, 100)
	s.Soot = clamp(0.4+s.MAF/30, 0, 25)
	electric := m.v.Engine == "electric" || m.v.Engine == "hybrid" && !m.engineOn
	s.Current = 0
	switch {
	case electric:
		s.Current = clamp(power/340+1.5, -150, 400)
	case m.v.Engine == "hybrid":
		s.Current = -6
	}
	kWh := 60.0
	if m.v.Engine == "hybrid" {
		kWh = 1.4
	}
	s.Charge = clamp(s.Charge-s.Current*0.34*dt/3600/kWh*100, 5, 98)
}

func clamp(v, low, high float64) float64 { return min(max(v, low), high) }
