package simulator

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
)

// Times of ISO 13400-2 table 14.
const (
	announceWait     = 500 * time.Millisecond
	announceInterval = 500 * time.Millisecond
	announceTimes    = 3
	aliveTime        = 500 * time.Millisecond
)

// entity is the DoIP entity of one car: a gateway to its ECUs.
type entity struct {
	car   *car
	opt   options
	spec  *doipSpec
	clock clock
	ecus  map[uint16]*ecu

	mu      sync.Mutex
	rnd     *rand.Rand
	at      time.Duration // the car's time when nobody waits
	sockets map[*doipSocket]bool
}

// ServeDoIP lets other programs reach the car of an address as a DoIP entity (ISO 13400-2): vehicle
// identification, announcements and status on udp, routing activation and diagnostic messages on tcp.
// Either may be nil. It returns when the context ends (nil) or a listener fails, and closes both.
//
// Options of the address beside those of [Open]: tls=on makes tcp speak TLS 1.2 and 1.3 with a certificate
// made for it, tls=required refuses activation on plain TCP as an entity that wants TLS does, confirm=1
// wants every activation asked for twice, and announce=HOST:PORT says where the announcements go.
func ServeDoIP(ctx context.Context, address string, tcp net.Listener, udp net.PacketConn) error {
	e, err := newEntity(address)
	if err != nil {
		return err
	}
	if tcp != nil && e.opt.tls == "on" {
		config, err := selfSigned()
		if err != nil {
			return errs.New(errs.Unsupported, "make certificate: %w", err)
		}
		tcp = tls.NewListener(tcp, config)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 2)
	var all sync.WaitGroup
	defer all.Wait()
	defer cancel()
	if udp != nil {
		all.Go(func() { ended <- e.serveUDP(ctx, udp) })
	}
	if tcp != nil {
		all.Go(func() { ended <- e.serveTCP(ctx, tcp) })
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-ended:
		return err
	}
}

func newEntity(address string) (*entity, error) {
	o, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	c, err := loadCar(o)
	if err != nil {
		return nil, err
	}
	if !c.line.IsCAN() || c.line == obd.J1939 && len(c.ecus) == 0 {
		return nil, errs.New(errs.Unsupported, "%s: this car has no ECU that could be reached by DoIP", address)
	}
	spec := doipSpec{}
	if c.spec.DoIP != nil {
		spec = *c.spec.DoIP
	}
	if err := spec.fill(c.spec); err != nil {
		return nil, errs.New(errs.BadInput, "scenario %s: %w", o.name, err)
	}
	return &entity{
		car: c, opt: o, spec: &spec, clock: newClock(o.pace), ecus: spec.logical(c.ecus),
		rnd: rand.New(rand.NewPCG(o.seed, 0xD01B)), sockets: map[*doipSocket]bool{},
	}, nil
}

// now is the car's time; when nobody waits every call takes a while.
func (e *entity) now() time.Duration {
	if !e.clock.instant() {
		return e.clock.now()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.at += e.opt.elapsed
	return e.at
}

// delay is a latency that varies.
func (e *entity) delay(latency, spread time.Duration) time.Duration {
	if l := e.opt.ecuLatency; l >= 0 {
		return l
	}
	if spread <= 0 {
		return latency
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return latency + time.Duration(e.rnd.Int64N(int64(spread)))
}

// open is how many sockets have an active tester.
func (e *entity) open() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for s := range e.sockets {
		if s.active {
			n++
		}
	}
	return n
}

// serveUDP announces the vehicle and answers requests.
func (e *entity) serveUDP(ctx context.Context, udp net.PacketConn) error {
	stop := context.AfterFunc(ctx, func() { udp.Close() })
	defer stop()
	defer udp.Close()
	var announcing sync.WaitGroup
	defer announcing.Wait()
	announcing.Go(func() { e.announce(ctx, udp) })
	buffer := make([]byte, 2048)
	for {
		n, from, err := udp.ReadFrom(buffer)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return errs.New(errs.Adapter, "read datagram: %w", err)
		}
		if answer, ok := e.datagram(buffer[:n]); ok {
			_, _ = udp.WriteTo(answer.bytes(), from) // who asks may be gone
		}
	}
}

// announce says three times who is here.
func (e *entity) announce(ctx context.Context, udp net.PacketConn) {
	to := e.announceTo(udp)
	if to == nil {
		return
	}
	message := doipPayload{byte(e.spec.Version), doipAnnounce, e.spec.identification(e.car.spec.vin())}.bytes()
	wait := e.delayOf(announceWait)
	for range announceTimes {
		if sleep(ctx, max(e.clock.wait(wait), 1), nil) != nil {
			return
		}
		_, _ = udp.WriteTo(message, to)
		wait = announceInterval
	}
}

func (e *entity) delayOf(most time.Duration) time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	return time.Duration(e.rnd.Int64N(int64(most)))
}

// announceTo is where announcements go: everyone on the link, of this machine when it listens on loopback.
func (e *entity) announceTo(udp net.PacketConn) net.Addr {
	text := e.opt.announce
	if text == "" {
		text = "255.255.255.255:13400"
		if local, ok := udp.LocalAddr().(*net.UDPAddr); ok && local.IP.IsLoopback() {
			text = "127.255.255.255:13400"
		}
	}
	to, err := net.ResolveUDPAddr("udp", text)
	if err != nil {
		return nil
	}
	return to
}

// datagram answers one UDP message; identification requests for another vehicle stay unanswered.
func (e *entity) datagram(b []byte) (answer doipPayload, ok bool) {
	nack := func(code byte) (doipPayload, bool) {
		return doipPayload{byte(e.spec.Version), doipNack, []byte{code}}, true
	}
	if len(b) < doipHeaderLength {
		return answer, false
	}
	p, length, err := checkHeader(b, 1024)
	if f, ok := errors.AsType[headerFault](err); ok {
		return nack(byte(f))
	}
	if int(length) != len(b)-doipHeaderLength {
		return nack(headerLength)
	}
	p.data = b[doipHeaderLength:]
	switch p.kind {
	case doipIdentify:
	case doipIdentifyEID:
		if eid, _ := hexBytes(e.spec.EID); string(p.data) != string(eid) {
			return answer, false
		}
	case doipIdentifyVIN:
		if string(p.data) != string(e.car.spec.vin()) {
			return answer, false
		}
	case doipStatus:
		data := []byte{0x00, byte(e.spec.Sockets), byte(e.open())}
		return doipPayload{p.version, doipStatusAnswer, binary.BigEndian.AppendUint32(data, uint32(e.spec.MaxData))}, true
	case doipPower:
		return doipPayload{p.version, doipPowerAnswer, []byte{e.power()}}, true
	default:
		return nack(headerType)
	}
	return doipPayload{p.version, doipAnnounce, e.spec.identification(e.car.spec.vin())}, true
}

// power is the diagnostic power mode: 0 not ready, 1 ready.
func (e *entity) power() byte {
	if e.spec.Power != 0 {
		return e.spec.Power
	}
	if e.car.asleep() {
		return 0
	}
	return 1
}
