package importer

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// decodeText returns the text of r in UTF-8: by its byte order mark, by the zeros of UTF-16, else as
// UTF-8. Bytes that UTF-8 does not have are read as Windows-1252, of which Latin-1 is a part.
func decodeText(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	head, err := b.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		_, _ = b.Discard(3) // they were peeked at
		return transform.NewReader(b, &mender{}), nil
	case bytes.HasPrefix(head, []byte("\xFF\xFE")), bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return transform.NewReader(b, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()), nil
	}
	if little, big := zeros(head); little {
		return transform.NewReader(b, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder()), nil
	} else if big {
		return transform.NewReader(b, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder()), nil
	}
	return transform.NewReader(b, &mender{}), nil
}

// zeros tells UTF-16 without a mark: in ASCII text every other byte is zero.
func zeros(head []byte) (little, big bool) {
	if len(head) < 8 {
		return false, false
	}
	var even, odd int
	for i, c := range head {
		if c == 0 && i%2 == 0 {
			even++
		} else if c == 0 {
			odd++
		}
	}
	most := len(head) * 2 / 5
	return odd > most && even < most/4, even > most && odd < most/4
}

// mender passes UTF-8 on and reads every other byte as Windows-1252.
type mender struct{ transform.NopResetter }

func (m *mender) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		if n := copyASCII(dst[nDst:], src[nSrc:]); n > 0 {
			nDst, nSrc = nDst+n, nSrc+n
			continue
		}
		if nDst+utf8.UTFMax > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		c, size := utf8.DecodeRune(src[nSrc:])
		if c == utf8.RuneError && size <= 1 {
			if !atEOF && !utf8.FullRune(src[nSrc:]) {
				return nDst, nSrc, transform.ErrShortSrc
			}
			c, size = charmap.Windows1252.DecodeByte(src[nSrc]), 1
		}
		nDst += utf8.EncodeRune(dst[nDst:], c)
		nSrc += size
	}
	return nDst, nSrc, nil
}

// copyASCII copies the ASCII at the start of src, as far as dst reaches.
func copyASCII(dst, src []byte) int {
	n := min(len(dst), len(src))
	i := 0
	for i < n && src[i] < utf8.RuneSelf {
		i++
	}
	return copy(dst[:i], src[:i])
}
