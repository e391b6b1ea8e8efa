using ModularMonolith.Meddling.Contracts;

namespace ModularMonolith.Leaky;

public sealed class Shortcut(Rumour rumour)
{
    public Rumour Rumour { get; } = rumour;
}
