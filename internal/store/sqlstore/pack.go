package sqlstore

import (
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// maxDocument bounds an unpacked document: a scan of every ECU of a truck is about 1 MB.
const maxDocument = 256 << 20

// The encoder and decoder are built once; both may be used by many goroutines.
var encoder = sync.OnceValues(func() (*zstd.Encoder, error) { return zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1)) })

var decoder = sync.OnceValues(func() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxDocument))
})

// pack compresses; data that cannot be stays as it is behind the first byte.
func pack(data []byte) []byte {
	enc, err := encoder()
	if err != nil {
		return append([]byte{0}, data...)
	}
	packed := enc.EncodeAll(data, make([]byte, 1, len(data)/4+64))
	if len(packed) > len(data) {
		return append([]byte{0}, data...)
	}
	packed[0] = 1
	return packed
}

func unpack(packed []byte) ([]byte, error) {
	switch {
	case len(packed) > 0 && packed[0] == 0:
		return packed[1:], nil
	case len(packed) > 0 && packed[0] == 1:
		dec, err := decoder()
		if err != nil {
			return nil, err
		}
		return dec.DecodeAll(packed[1:], nil)
	}
	return nil, fmt.Errorf("unpack: %d bytes of an unknown form", len(packed))
}
