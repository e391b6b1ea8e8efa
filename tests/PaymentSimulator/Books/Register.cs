namespace ModularMonolith.PaymentSimulator.Books;

/// <summary>Something with an id that stands in a list in the order in which it was made.</summary>
internal interface IRegistered
{
    string Id { get; }

    /// <summary>In seconds since 1970.</summary>
    long Created { get; }

    /// <summary>Its place in the list, from 0.</summary>
    int Position { get; set; }
}

/// <summary>A list that is also found by id. Not safe for several threads: <see cref="ProviderBooks"/> guards it.</summary>
internal sealed class Register<T>
    where T : class, IRegistered
{
    private readonly List<T> _items = [];
    private readonly Dictionary<string, T> _byId = new(StringComparer.Ordinal);

    public int Count => _items.Count;

    public IEnumerable<T> All => _items;

    public T this[int position] => _items[position];

    public void Add(T item)
    {
        item.Position = _items.Count;
        _items.Add(item);
        _byId.Add(item.Id, item);
    }

    public T? Find(string id) => _byId.GetValueOrDefault(id);
}
