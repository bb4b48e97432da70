package simulator

import (
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
)

// car is a vehicle that stands or drives. Several adapters may be plugged into one car.
type car struct {
	line  obd.Protocol
	start start
	spec  *scenario
	opt   options

	mu     sync.Mutex // guards what follows
	motion *motion
	ecus   []*ecu
	nodes  []*truckMemory // of SAE J1939
}

// loadCar builds the car of an address.
func loadCar(o options) (*car, error) {
	s, err := readScenario(o.name)
	if err != nil {
		return nil, err
	}
	at := o.at
	if at == "" {
		at = s.At
	}
	if at == "" {
		at = "engine-running"
	}
	c := &car{line: s.Protocol, start: starts[at], spec: s, opt: o}
	c.motion = newMotion(s.Vehicle, c.start, o.seed)
	for i := range s.ECUs {
		e, err := newECU(&s.ECUs[i], c)
		if err != nil {
			return nil, errs.New(errs.BadInput, "scenario %s: ecu %s: %w", o.name, s.ECUs[i].Name, err)
		}
		c.ecus = append(c.ecus, e)
	}
	for i := range s.Nodes {
		c.nodes = append(c.nodes, newTruckMemory(&s.Nodes[i]))
	}
	return c, nil
}

// ask hands a request to one control unit and returns its messages. The caller keeps the order of time.
func (c *car) ask(e *ecu, request []byte, physical bool, at time.Duration) []message {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.motion.state(at)
	return e.answer(request, physical, at, &s)
}

// voltage is what the adapter measures at pin 16: a little below what the ECU sees.
func (c *car) voltage(at time.Duration) float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.motion.state(at)
	return s.Volts - 0.3
}

// asleep tells that no control unit answers.
func (c *car) asleep() bool { return !c.start.ignition }

// speaksOBD tells that some control unit answers service 01, by which an adapter finds the line.
func (c *car) speaksOBD() bool {
	for _, e := range c.ecus {
		if u := e.spec.UDS; e.spec.Negatives || !e.spec.PhysicalOnly && (u == nil || !u.Only) {
			return !c.asleep()
		}
	}
	return false
}
