package simulator

// currentData is service 01: on CAN up to six PIDs in one request, unsupported ones left out of the
// reply; on the older lines one.
func (e *ecu) currentData(pids []byte, s *state) ([][]byte, byte) {
	if len(pids) == 0 || len(pids) > 6 || !e.line.IsCAN() && len(pids) > 1 {
		return nil, nrcNoSubFunction
	}
	adjusted := e.sinceClear(*s)
	reply := []byte{0x41}
	for _, pid := range pids {
		if data, ok := e.pid(pid, &adjusted, &e.spec.Current); ok {
			reply = append(append(reply, pid), data...)
		}
	}
	if len(reply) == 1 {
		return nil, nrcNoSubFunction
	}
	return [][]byte{reply}, 0
}

// pid returns the data of one PID out of a supported set.
func (e *ecu) pid(pid byte, s *state, set *byteSet) ([]byte, bool) {
	if pid%0x20 == 0 {
		return set.bitmap(pid), set.has(pid)
	}
	if !set[pid] {
		return nil, false
	}
	switch pid {
	case 0x01:
		return e.status(false), true
	case 0x41:
		return e.status(true), true
	}
	if b, ok := e.constants[pid]; ok {
		return b, true
	}
	if put, ok := encode(pid); ok {
		return put(s), true
	}
	return nil, false
}

// sinceClear counts from the moment at which service 04 came.
func (e *ecu) sinceClear(s state) state {
	if c := e.cleared; c != nil {
		s.ClearKm -= c.km
		s.ClearMin -= c.min
		s.WarmUps -= c.warmUps
	}
	if e.confirmed() == 0 {
		s.MILKm, s.MILMin = 0, 0
	}
	return s
}

// freezeData is service 02: PID and frame number, on CAN up to three pairs. The frame number is echoed.
func (e *ecu) freezeData(request []byte) ([][]byte, byte) {
	if len(request) == 1 && !e.line.IsCAN() { // old cars know one frame and no number
		request = []byte{request[0], 0}
	}
	if len(request) == 0 || len(request)%2 != 0 || len(request) > 6 || !e.line.IsCAN() && len(request) > 2 {
		return nil, nrcNoSubFunction
	}
	reply := []byte{0x42}
	for i := 0; i < len(request); i += 2 {
		pid, frame := request[i], request[i+1]
		if data, ok := e.frozen(pid, int(frame)); ok {
			reply = append(append(reply, pid, frame), data...)
		}
	}
	if len(reply) == 1 {
		return nil, nrcNoSubFunction
	}
	return [][]byte{reply}, 0
}

// frozen returns one PID of one stored frame. An ECU without frames still answers PIDs 00 and 02 of
// frame 0, the latter with 0000: no frame.
func (e *ecu) frozen(pid byte, frame int) ([]byte, bool) {
	if frame >= len(e.freeze) {
		if frame > 0 || e.spec.Monitors == nil {
			return nil, false
		}
		none := byteSet{0x02: true}
		if pid == 0x02 {
			return []byte{0, 0}, true
		}
		return e.pid(pid, &state{}, &none)
	}
	f := &e.freeze[frame]
	set := f.PIDs
	set[0x02], set[0x01] = true, false
	if pid == 0x02 {
		b, _ := codeBytes(f.Code)
		return b[:], true
	}
	return e.pid(pid, &f.State, &set)
}

// dataByIdentifier is service 22 of ISO 14229-1 on CAN.
func (e *ecu) dataByIdentifier(request []byte) ([][]byte, byte) {
	if !e.line.IsCAN() || len(e.dids) == 0 {
		return nil, nrcNoService
	}
	if len(request) < 2 || len(request)%2 != 0 || len(request) > 22 {
		return nil, 0x13
	}
	reply := []byte{0x62}
	for i := 0; i < len(request); i += 2 {
		did := uint16(request[i])<<8 | uint16(request[i+1])
		if data, ok := e.dids[did]; ok {
			reply = append(append(reply, request[i], request[i+1]), data...)
		}
	}
	if len(reply) == 1 {
		return nil, nrcOutOfRange
	}
	return [][]byte{reply}, 0
}
