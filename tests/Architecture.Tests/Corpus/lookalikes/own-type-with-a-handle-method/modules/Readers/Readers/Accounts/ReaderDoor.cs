namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderDoor(DoorHandle handle)
{
    public void Open() => handle.Handle(TimeSpan.Zero);
}

internal sealed class DoorHandle
{
    public void Handle(TimeSpan time) => ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
}
