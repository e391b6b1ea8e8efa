using System.Collections;
using Marten.Linq;
using Marten.Linq.Translation;

namespace Marten.Pagination;

/// <summary>One page of results.</summary>
/// <typeparam name="T">The result.</typeparam>
public interface IPagedList<T> : IEnumerable<T>
{
    /// <summary>A result of the page, counted from 0.</summary>
    T this[int index] { get; }

    /// <summary>The number of results on this page.</summary>
    long Count { get; }

    /// <summary>The number of this page, counted from 1.</summary>
    long PageNumber { get; }

    /// <summary>The greatest number of results on a page.</summary>
    long PageSize { get; }

    /// <summary>The number of pages.</summary>
    long PageCount { get; }

    /// <summary>The number of results on all pages.</summary>
    long TotalItemCount { get; }

    /// <summary>Whether a page comes before.</summary>
    bool HasPreviousPage { get; }

    /// <summary>Whether a page comes after.</summary>
    bool HasNextPage { get; }

    /// <summary>Whether this is the first page.</summary>
    bool IsFirstPage { get; }

    /// <summary>Whether this is the last page.</summary>
    bool IsLastPage { get; }

    /// <summary>The number, from 1, of the first result of this page among all; 0 when the page is empty.</summary>
    long FirstItemOnPage { get; }

    /// <summary>The number, from 1, of the last result of this page among all; 0 when the page is empty.</summary>
    long LastItemOnPage { get; }
}

/// <summary>Fetches pages.</summary>
public static class PagedListQueryableExtensions
{
    /// <summary>Fetches one page and the number of all results in one round trip.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The page number or the page size is below 1.</exception>
    public static Task<IPagedList<T>> ToPagedListAsync<T>(this IQueryable<T> queryable, int pageNumber, int pageSize, CancellationToken token = default) =>
        ToPagedListAsync(queryable, pageNumber, pageSize, false, token);

    /// <summary>Fetches one page and the number of all results, either in one round trip or by a second query that only counts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The page number or the page size is below 1.</exception>
    public static async Task<IPagedList<T>> ToPagedListAsync<T>(this IQueryable<T> queryable, int pageNumber, int pageSize, bool useCountQuery, CancellationToken token = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageNumber, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        var skipped = (int)Math.Min((pageNumber - 1L) * pageSize, int.MaxValue);
        if (useCountQuery)
        {
            var total = await QueryRunner.CountAsync(queryable, null, token);
            return new PagedList<T>(await QueryRunner.ListAsync(queryable.Skip(skipped).Take(pageSize), null, token), pageNumber, pageSize, total);
        }

        var statistics = new QueryStatistics();
        var page = QueryableExtensions.WithStatistics(queryable, statistics).Skip(skipped).Take(pageSize);
        var items = await QueryRunner.ListAsync(page, null, token);
        return new PagedList<T>(items, pageNumber, pageSize, statistics.TotalResults);
    }
}

internal sealed class PagedList<T>(IReadOnlyList<T> items, int pageNumber, int pageSize, long total) : IPagedList<T>
{
    public T this[int index] => items[index];

    public long Count => items.Count;

    public long PageNumber => pageNumber;

    public long PageSize => pageSize;

    public long PageCount => (total + pageSize - 1) / pageSize;

    public long TotalItemCount => total;

    public bool HasPreviousPage => pageNumber > 1;

    public bool HasNextPage => pageNumber < PageCount;

    public bool IsFirstPage => pageNumber == 1;

    public bool IsLastPage => pageNumber >= PageCount;

    public long FirstItemOnPage => items.Count == 0 ? 0 : ((pageNumber - 1L) * pageSize) + 1;

    public long LastItemOnPage => items.Count == 0 ? 0 : FirstItemOnPage + items.Count - 1;

    public IEnumerator<T> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
