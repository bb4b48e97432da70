package simulator

import (
	"encoding/binary"
	"errors"
	"io"
)

// Payload types of ISO 13400-2 table 17.
const (
	doipNack          = 0x0000
	doipIdentify      = 0x0001
	doipIdentifyEID   = 0x0002
	doipIdentifyVIN   = 0x0003
	doipAnnounce      = 0x0004
	doipActivate      = 0x0005
	doipActivated     = 0x0006
	doipAlive         = 0x0007
	doipAliveAnswer   = 0x0008
	doipStatus        = 0x4001
	doipStatusAnswer  = 0x4002
	doipPower         = 0x4003
	doipPowerAnswer   = 0x4004
	doipMessage       = 0x8001
	doipMessageAck    = 0x8002
	doipMessageNack   = 0x8003
	doipHeaderLength  = 8
	doipDefaultHeader = 0xFF // protocol version of identification requests to whomever
)

// Codes of the generic header negative acknowledge (table 19).
const (
	headerPattern = 0x00
	headerType    = 0x01
	headerLarge   = 0x02
	headerLength  = 0x04
)

// doipPayload is one message.
type doipPayload struct {
	version byte
	kind    uint16
	data    []byte
}

func (p doipPayload) bytes() []byte {
	b := make([]byte, 0, doipHeaderLength+len(p.data))
	b = append(b, p.version, ^p.version)
	b = binary.BigEndian.AppendUint16(b, p.kind)
	b = binary.BigEndian.AppendUint32(b, uint32(len(p.data)))
	return append(b, p.data...)
}

// headerFault is what is wrong with a header, as the code that answers it.
type headerFault byte

func (f headerFault) Error() string { return "doip header" }

// fatal tells that the stream is out of step and the socket must be closed.
func (f headerFault) fatal() bool { return f == headerPattern || f == headerLength }

// lengths are those that a payload may have; 0 for the highest means any.
var doipLengths = map[uint16][2]uint32{
	doipNack: {1, 1}, doipIdentify: {0, 0}, doipIdentifyEID: {6, 6}, doipIdentifyVIN: {17, 17}, doipActivate: {7, 11},
	doipAliveAnswer: {2, 2}, doipStatus: {0, 0}, doipPower: {0, 0}, doipMessage: {5, 0xFFFFFFFF},
}

// checkHeader reads a header; most is the longest payload that is taken.
func checkHeader(h []byte, most int) (p doipPayload, length uint32, err error) {
	p.version, p.kind = h[0], binary.BigEndian.Uint16(h[2:])
	length = binary.BigEndian.Uint32(h[4:])
	wanted, known := doipLengths[p.kind]
	switch {
	case h[1] != ^h[0] || p.version < 1 || p.version > 3 && p.version != doipDefaultHeader:
		return p, length, headerFault(headerPattern)
	case !known:
		return p, length, headerFault(headerType)
	case length > uint32(most):
		return p, length, headerFault(headerLarge)
	case length < wanted[0] || length > wanted[1]:
		return p, length, headerFault(headerLength)
	}
	if p.version == doipDefaultHeader {
		p.version = 2
	}
	return p, length, nil
}

// longestSkip bounds what is read and thrown away to stay in step.
const longestSkip = 1 << 20

// readPayload reads one message of a stream. A headerFault that is not fatal leaves the stream in step.
func readPayload(r io.Reader, most int) (doipPayload, error) {
	var h [doipHeaderLength]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return doipPayload{}, err
	}
	p, length, err := checkHeader(h[:], most)
	if err != nil {
		if f, ok := errors.AsType[headerFault](err); ok && !f.fatal() && length <= longestSkip {
			if _, cerr := io.CopyN(io.Discard, r, int64(length)); cerr != nil {
				return p, cerr
			}
			return p, err
		}
		return p, errors.Join(err, io.ErrUnexpectedEOF)
	}
	p.data = make([]byte, length)
	_, err = io.ReadFull(r, p.data)
	return p, err
}
