using Marten;

namespace ModularMonolith.Marten.Tests.Linq;

internal enum Genre
{
    Fiction,
    Science,
    Travel,
}

internal sealed class Author
{
    public Guid Id { get; set; } = Guid.CreateVersion7();

    public string Name { get; set; } = "";

    public string Country { get; set; } = "";
}

internal sealed class Quote
{
    public Guid AuthorId { get; set; }

    public string Text { get; set; } = "";
}

internal sealed class Book
{
    public Guid Id { get; set; } = Guid.CreateVersion7();

    public string Title { get; set; } = "";

    public Guid? AuthorId { get; set; }

    public List<Guid> Reviewers { get; set; } = [];

    public List<Quote> Quotes { get; set; } = [];

    public string Country { get; set; } = "";

    public Genre Genre { get; set; }

    public int Year { get; set; }

    public decimal Price { get; set; }

    public bool Sold { get; set; }
}

/// <summary>A few authors and books in a store of their own.</summary>
internal sealed class Library : IAsyncDisposable
{
    public required TestStore Store { get; init; }

    public required IQuerySession Session { get; init; }

    public List<Author> Authors { get; } = [];

    public List<Book> Books { get; } = [];

    public static async Task<Library> OpenAsync(Action<StoreOptions>? configure = null, bool identity = false)
    {
        var store = await TestStore.CreateAsync(configure);
        var library = new Library { Store = store, Session = identity ? store.Store.IdentitySession() : store.Query() };
        var random = new Random(11);
        string[] countries = ["NL", "DE", "PT"];
        for (var i = 0; i < 6; i++)
            library.Authors.Add(new Author { Name = $"author {i}", Country = countries[i % 3] });
        for (var i = 0; i < 24; i++)
        {
            library.Books.Add(new Book
            {
                Title = $"book {i:00}",
                AuthorId = i % 6 == 5 ? null : library.Authors[i % 4].Id,
                Reviewers = [.. library.Authors.Where(_ => random.Next(3) == 0).Select(a => a.Id)],
                Quotes = [.. library.Authors.Where(_ => random.Next(3) == 0).Select(a => new Quote { AuthorId = a.Id, Text = a.Name })],
                Country = countries[random.Next(3)],
                Genre = (Genre)random.Next(3),
                Year = 2000 + random.Next(4),
                Price = random.Next(1, 9) + 0.25m,
                Sold = random.Next(2) == 0,
            });
        }

        await store.SaveAsync(s =>
        {
            s.Store<Author>(library.Authors);
            s.Store<Book>(library.Books);
        });
        return library;
    }

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await Store.DisposeAsync();
    }
}
