namespace Marten.Internal.Sessions;

/// <summary>Finds the documents of a session that differ from what was loaded or saved. It compares their JSON.</summary>
internal sealed class ChangeDetection(ISerializer serializer)
{
    private readonly Dictionary<object, string> originals = new(ReferenceEqualityComparer.Instance);

    /// <summary>Takes a document as it is now for unchanged.</summary>
    public void Watch(object document) => originals[document] = serializer.ToJson(document);

    public void Forget(object document) => originals.Remove(document);

    public void ForgetAll(Predicate<object> match)
    {
        foreach (var document in originals.Keys.Where(d => match(d)).ToList())
            originals.Remove(document);
    }

    /// <summary>The documents that changed.</summary>
    public IReadOnlyList<object> Changed() => [.. originals.Where(o => serializer.ToJson(o.Key) != o.Value).Select(o => o.Key)];
}
