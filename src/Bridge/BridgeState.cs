namespace ModularMonolith.Bridge;

/// <summary>How the two directions of the bridge stand on this host; null is well, else what is wrong in one sentence.</summary>
internal sealed class BridgeState(BridgeSettings settings)
{
    private const string NotYet = "It has not reached the broker yet.";

    private volatile string? _export = settings.Export.Count > 0 ? NotYet : null;
    private volatile string? _import = settings.Import.Count > 0 ? NotYet : null;

    public string? Export
    {
        get => _export;
        set => _export = value;
    }

    public string? Import
    {
        get => _import;
        set => _import = value;
    }
}
