using System.Collections.Concurrent;

namespace ModularMonolith.Platform.Data;

/// <summary>A document of which this host keeps what it wrote last, so that the next change need not read it first.</summary>
/// <typeparam name="T">The document itself.</typeparam>
public interface ICopyable<out T>
{
    /// <summary>A copy that shares nothing with this one that anybody changes.</summary>
    T Copy();
}

/// <summary>
/// The documents of a store that this host wrote last. A copy may be older than what is stored, because another host writes too: it serves only units of work that write the document
/// under the copy's revision, so that the database refuses whatever was decided on an old one.
/// </summary>
/// <typeparam name="TStore">The module's store marker.</typeparam>
internal sealed class WorkingCopies<TStore>
{
    /// <summary>So many documents at most are in each of two generations.</summary>
    public const int GenerationSize = 2_500;

    private readonly Lock _lock = new();
    private ConcurrentDictionary<(Type Type, object Id), object> _young = new();
    private ConcurrentDictionary<(Type Type, object Id), object> _old = new();

    /// <summary>A copy of its own for whoever asks; null when there is none.</summary>
    public T? Find<T>(object id)
        where T : class, ICopyable<T> =>
        _young.TryGetValue((typeof(T), id), out var found) || _old.TryGetValue((typeof(T), id), out found) ? ((T)found).Copy() : null;

    public void Keep<T>(object id, T document)
        where T : class, ICopyable<T>
    {
        lock (_lock)
        {
            if (_young.Count >= GenerationSize)
            {
                (_old, _young) = (_young, new());
            }

            _young[(typeof(T), id)] = document;
        }
    }

    public void Forget(Type type, object id)
    {
        lock (_lock)
        {
            _young.TryRemove((type, id), out _);
            _old.TryRemove((type, id), out _);
        }
    }
}
