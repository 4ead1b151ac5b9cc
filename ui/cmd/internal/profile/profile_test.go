package profile

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"tacit/app"
)

const passphrase = "grumbly tulip anchor marble winter pine"

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestCreateAndOpen(t *testing.T) {
	ctx, dir := t.Context(), filepath.Join(t.TempDir(), "profile")
	if Exists(dir) {
		t.Fatal("there is a profile before one was made")
	}
	made, err := Start(ctx, dir, "  Amina ", passphrase, Options{Listen: Loopback})
	if err != nil {
		t.Fatal(err)
	}
	if !Exists(dir) {
		t.Error("there is no profile after one was made")
	}
	before, err := made.Messenger.Profile(ctx)
	if err != nil || before.Name != "Amina" {
		t.Fatalf("profile %+v, %v", before, err)
	}
	if _, err := Open(ctx, dir, passphrase, Options{Listen: Loopback}); !errors.Is(err, app.ErrInUse) {
		t.Errorf("opened twice: %v", err)
	}
	if err := made.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-made.Ended():
	default:
		t.Error("closed, and not ended")
	}
	if _, err := Open(ctx, dir, passphrase+"x", Options{Listen: Loopback}); !errors.Is(err, app.ErrPassphrase) {
		t.Errorf("wrong passphrase: %v", err)
	}
	opened, err := Open(ctx, dir, passphrase, Options{Listen: Loopback})
	if err != nil {
		t.Fatal(err)
	}
	after, err := opened.Messenger.Profile(ctx)
	if err != nil || after != before {
		t.Errorf("profile %+v, %v, was %+v", after, err, before)
	}
	if err := opened.Close(); err != nil {
		t.Error(err)
	}
	if _, err := opened.Messenger.Profile(context.Background()); !errors.Is(err, app.ErrClosed) {
		t.Errorf("a closed messenger answers %v", err)
	}
}

func TestCreateRefusesNames(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "profile")
	if err := Create(t.Context(), dir, " \u202e ", passphrase); !errors.Is(err, app.ErrNameEmpty) {
		t.Errorf("error %v", err)
	}
	if Exists(dir) {
		t.Error("a profile without a name was made")
	}
}
