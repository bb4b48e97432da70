package simulator

import (
	"context"
	"encoding/binary"
	"slices"
	"sync"
	"time"
)

// Diagnostic message negative acknowledge codes (ISO 13400-2 table 22).
const (
	diagnoseSource      = 0x02
	diagnoseTarget      = 0x03
	diagnoseUnreachable = 0x06
)

// diagnose acknowledges a diagnostic message and lets the ECUs answer in their time; false closes the socket.
func (s *doipSocket) diagnose(ctx context.Context, data []byte, working *sync.WaitGroup) bool {
	source, target := binary.BigEndian.Uint16(data), binary.BigEndian.Uint16(data[2:])
	refuse := func(code byte) { s.send(doipMessageNack, acknowledgement(target, source, code)) }
	if active, own := s.state(); !active || own != source {
		refuse(diagnoseSource)
		return false
	}
	targets, functional := s.entity.targets(target)
	switch {
	case len(targets) == 0:
		refuse(diagnoseTarget)
		return true
	case s.entity.car.asleep() && !functional:
		refuse(diagnoseUnreachable)
		return true
	}
	s.send(doipMessageAck, acknowledgement(target, source, 0x00))
	if s.entity.car.asleep() {
		return true
	}
	request := append([]byte{}, data[4:]...)
	at := s.entity.now()
	for _, address := range targets {
		if s.entity.ecus[address].spec.Gated && !s.gate.passes(at) {
			continue
		}
		select {
		case s.work <- struct{}{}:
		case <-ctx.Done():
			return false
		}
		messages := s.entity.car.ask(s.entity.ecus[address], request, !functional, at)
		working.Go(func() {
			defer func() { <-s.work }()
			s.answer(ctx, address, source, messages, at)
		})
	}
	return true
}

// acknowledgement names who should have had the message, then who sent it.
func acknowledgement(target, source uint16, code byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, target)
	return append(binary.BigEndian.AppendUint16(b, source), code)
}

// targets are the ECUs behind a logical address, in order.
func (e *entity) targets(address uint16) (list []uint16, functional bool) {
	if _, ok := e.ecus[address]; ok {
		return []uint16{address}, false
	}
	if !slices.Contains(e.spec.Functional, hexID(address)) {
		return nil, false
	}
	for a, unit := range e.ecus {
		if !unit.spec.PhysicalOnly {
			list = append(list, a)
		}
	}
	slices.Sort(list)
	return list, true
}

// answer sends what one ECU says, each message at its time.
func (s *doipSocket) answer(ctx context.Context, from, to uint16, messages []message, at time.Duration) {
	spec := s.entity.ecus[from].spec
	at += s.entity.delay(spec.Latency, spec.Spread)
	for _, m := range messages {
		at += m.after
		if wait := s.entity.clock.until(at); wait > 0 && sleep(ctx, wait, nil) != nil {
			return
		}
		head := binary.BigEndian.AppendUint16(nil, from)
		s.send(doipMessage, append(binary.BigEndian.AppendUint16(head, to), m.data...))
	}
}
