namespace ModularMonolith.Client;

/// <summary>A resource with the version that it had.</summary>
/// <typeparam name="T">The resource.</typeparam>
/// <param name="Value">The resource.</param>
/// <param name="ETag">Stands for the version: give it to the operation that changes the resource. Null after a dry run.</param>
public sealed record Versioned<T>(T Value, string? ETag);

/// <summary>One page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">The items, in order.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Lists that go on.</summary>
internal static class Pages
{
    public static async IAsyncEnumerable<T> FollowAsync<T>(Func<string?, CancellationToken, Task<Page<T>>> read, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var page = await read(cursor, cancellationToken);
            foreach (var item in page.Items)
            {
                yield return item;
            }

            cursor = page.Next;
        }
        while (cursor is not null);
    }
}
