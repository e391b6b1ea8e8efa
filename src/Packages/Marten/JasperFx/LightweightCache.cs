namespace JasperFx.Core;

/// <summary>Values by key; a missing one is made when it is asked for.</summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TValue">The value.</typeparam>
public class LightweightCache<TKey, TValue> : IEnumerable<TValue> where TKey : notnull
{
    private readonly Dictionary<TKey, TValue> values = [];
    private readonly Func<TKey, TValue> onMissing;

    /// <summary>Creates a cache.</summary>
    public LightweightCache(Func<TKey, TValue> onMissing) => this.onMissing = onMissing;

    /// <summary>How many values there are.</summary>
    public int Count => values.Count;

    /// <summary>The value of a key, made when it is missing.</summary>
    public TValue this[TKey key]
    {
        get
        {
            if (!values.TryGetValue(key, out var value))
                values[key] = value = onMissing(key);
            return value;
        }
        set => values[key] = value;
    }

    /// <summary>The value of a key, if there is one.</summary>
    public bool TryFind(TKey key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TValue value) => values.TryGetValue(key, out value);

    /// <inheritdoc />
    public IEnumerator<TValue> GetEnumerator() => values.Values.GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}
