namespace NetArchTest.Rules;

/// <summary>A namespace or type name that stands for itself and for everything below it; compared ordinally, by whole segments.</summary>
internal readonly struct NamespaceTerm
{
    private readonly string _name;

    private NamespaceTerm(string name) => _name = name;

    public static NamespaceTerm Parse(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new NamespaceTerm(Normalize(name));
    }

    public bool Covers(string name)
    {
        var normalized = Normalize(name);
        return normalized.StartsWith(_name, StringComparison.Ordinal)
            && (normalized.Length == _name.Length || normalized[_name.Length] == '.');
    }

    private static string Normalize(string name) => name.Replace('/', '.').Replace('+', '.');
}
