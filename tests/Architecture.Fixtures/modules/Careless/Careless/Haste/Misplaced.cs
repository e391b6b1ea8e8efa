using ModularMonolith.Careless.Haste;

namespace ModularMonolith.Careless.Elsewhere;

internal interface IMeddlingStore : Marten.IDocumentStore;

internal sealed class Misplaced
{
    public Calm Calm() => new("Sent from outside of its file, so it is a use case and not a step of one.");

    private void Apply(Kept kept) => Calm();
}
