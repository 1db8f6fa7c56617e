package ledger

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aiosai/aipass-exporter/actions"
	"github.com/aiosai/aipass-exporter/actions/alerts"
)

var errDisk = errors.New("disk full")

// outcomes is a desk that has these outcomes, one alert each, for DRONE.
type outcomes []alerts.Outcome

func (o outcomes) Accept(context.Context, alerts.Notification, string) (told []alerts.Told, err error) {
	for i, outcome := range o {
		t := alerts.Told{Branch: "DRONE", Fingerprint: string(rune('a' + i)), Outcome: outcome}
		if outcome == alerts.Failed {
			err, t.Err = errDisk, errDisk
		}
		told = append(told, t)
	}
	return told, err
}

// kept has a keeper accept what desks accept, one after the other, and returns
// what it has counted.
func kept(t *testing.T, k *Keeper, desks ...Desk) actions.NotificationTotals {
	t.Helper()
	k.Tally, k.Now = new(actions.Tally), func() time.Time { return now }
	if k.Fault == nil {
		k.Fault = func(err error) { t.Error(err) }
	}
	for _, k.Desk = range desks {
		_, _ = k.Accept(t.Context(), alerts.Notification{}, "branch") // the error is the desk's
	}
	var state actions.State
	must(t, k.Tally.Save(func(counted *actions.State) error {
		state.Count(counted)
		return nil
	}))
	return state.Notifications.Branches["DRONE"]
}

// entered is what a keeper's ledger has.
func entered(t *testing.T, k *Keeper) (list []string) {
	t.Helper()
	must(t, k.Ledger.Read(time.Time{}, func(e Entry) { list = append(list, e.Fingerprint+" "+e.Outcome) }))
	return list
}

func TestEverythingIsCountedAndNewsEntered(t *testing.T) {
	t.Parallel()
	k := &Keeper{Ledger: newLedger(t, 1<<20)}
	got := kept(t, k, outcomes(alerts.Outcomes()), outcomes{alerts.Duplicate, alerts.Duplicate})
	if want := (actions.NotificationTotals{Delivered: 1, Updated: 1, Resolved: 1, Duplicate: 3, Folded: 1, Failed: 1}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
	want := []string{"a delivered", "b updated", "c resolved", "e folded", "f failed"}
	if diff := cmp.Diff(want, entered(t, k)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Alertmanager sends it again until it is written.
func TestWhatFailsAgainAndAgainIsEnteredOnce(t *testing.T) {
	t.Parallel()
	k := &Keeper{Ledger: newLedger(t, 1<<20)}
	fails := outcomes{alerts.Failed}
	got := kept(t, k, fails, fails, fails, outcomes{alerts.Delivered}, fails, fails)
	if want := (actions.NotificationTotals{Delivered: 1, Failed: 5}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
	if diff := cmp.Diff([]string{"a failed", "a delivered", "a failed"}, entered(t, k)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAFaultOfTheLedgerIsNoneOfTheMail(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state")
	must(t, os.WriteFile(dir, nil, 0o600))
	faults := 0
	k := &Keeper{Ledger: &Ledger{Path: filepath.Join(dir, File), MaxSize: small}, Fault: func(error) { faults++ }}
	got := kept(t, k, outcomes{alerts.Delivered}, outcomes{alerts.Duplicate})
	if want := (actions.NotificationTotals{Delivered: 1, Duplicate: 1}); got != want || faults != 1 {
		t.Errorf("counted %+v, want %+v; %d faults, want 1", got, want, faults)
	}
	if _, err := k.Accept(t.Context(), alerts.Notification{}, "branch"); err != nil {
		t.Errorf("got %v", err)
	}
}
