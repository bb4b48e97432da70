package sqlstore

import (
	"database/sql/driver"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/obd"
)

// stamp is a time as it is kept: microseconds since 1970.
func stamp(t time.Time) int64 { return t.UnixMicro() }

func unstamp(us int64) time.Time { return time.UnixMicro(us).UTC() }

// instant reads a column into a time.
type instant struct{ to *time.Time }

func (i instant) Scan(v any) error {
	us, ok := v.(int64)
	if !ok {
		return fmt.Errorf("time column holds %T", v)
	}
	*i.to = unstamp(us)
	return nil
}

// maybeInstant reads a column that may be NULL.
type maybeInstant struct{ to **time.Time }

func (i maybeInstant) Scan(v any) error {
	*i.to = nil
	if v == nil {
		return nil
	}
	var t time.Time
	if err := (instant{&t}).Scan(v); err != nil {
		return err
	}
	*i.to = &t
	return nil
}

func orNull(t *time.Time) driver.Value {
	if t == nil {
		return nil
	}
	return stamp(*t)
}

// blob reads a column into an id.
type blob struct{ to *uuid.UUID }

func (b blob) Scan(v any) error {
	*b.to = uuid.Nil
	if v == nil {
		return nil
	}
	data, ok := v.([]byte)
	if !ok || len(data) != len(b.to) {
		return fmt.Errorf("id column holds %T of %d bytes", v, len(data))
	}
	copy(b.to[:], data)
	return nil
}

// maybeBlob reads a column that may be NULL.
type maybeBlob struct{ to **uuid.UUID }

func (b maybeBlob) Scan(v any) error {
	*b.to = nil
	if v == nil {
		return nil
	}
	var id uuid.UUID
	if err := (blob{&id}).Scan(v); err != nil {
		return err
	}
	*b.to = &id
	return nil
}

// key is an id as an argument; the zero id is NULL.
func key(id uuid.UUID) driver.Value {
	if id == uuid.Nil {
		return nil
	}
	return id[:]
}

func keyOf(id *uuid.UUID) driver.Value {
	if id == nil {
		return nil
	}
	return key(*id)
}

// number is an ECU address as SQLite's signed integer; 64 bits wrap there and back.
func number(a obd.Address) int64 { return int64(a) }

func address(n int64) obd.Address { return obd.Address(n) }
