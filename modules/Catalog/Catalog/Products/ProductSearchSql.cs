using System.Data.Common;
using System.Text;
using Npgsql;

namespace ModularMonolith.Catalog.Products;

/// <summary>The statement of a search. Its text depends only on which filters are used, so that PostgreSQL can keep it prepared.</summary>
internal static class ProductSearchSql
{
    /// <summary>Column 0 is the product as listed, 1 its id, 2 the sort key.</summary>
    public static NpgsqlCommand Of(SearchProducts search, NpgsqlDataSource source)
    {
        var command = source.CreateCommand();
        var (key, descending) = KeyOf(search.Sort);
        var sql = new StringBuilder($"select summary, id, {key} from product_search");
        if (search.Text is not null)
        {
            // "offset 0" keeps the planner from copying the expression to where it would be computed again for every row.
            sql.Append($", (select {WordsOf(search.Text, command)} as asked offset 0) query");
        }

        sql.Append($" where status = {Add(command, search.Status)}");
        AppendFilters(sql, search, command);
        if (search.After is { } after)
        {
            sql.Append($" and ({key}, id) {(descending ? '<' : '>')} ({CursorKey(after, command)}, {Add(command, after.Id)})");
        }

        var direction = descending ? " desc" : string.Empty;
        sql.Append($" order by {key}{direction}, id{direction} limit {Add(command, search.Limit + 1)}");
        command.CommandText = sql.ToString();
        return command;
    }

    /// <summary>The cursor behind the row that a reader stands on.</summary>
    public static ProductCursor CursorAt(DbDataReader reader, string sort) => sort switch
    {
        "relevance" => new ProductCursor(sort, reader.GetGuid(1), Rank: reader.GetDouble(2)),
        "title" => new ProductCursor(sort, reader.GetGuid(1), Title: reader.GetString(2)),
        "price" or "-price" => new ProductCursor(sort, reader.GetGuid(1), Price: reader.GetInt64(2)),
        _ => new ProductCursor(sort, reader.GetGuid(1), Created: reader.GetFieldValue<DateTimeOffset>(2)),
    };

    /// <summary>
    /// The words to look for. The last one may be the beginning of a word, unless the text uses the operators of a web search;
    /// a whole word still ranks higher, because it satisfies both sides of the "or".
    /// </summary>
    private static string WordsOf(string text, NpgsqlCommand command)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var last = words.Length == 0 ? string.Empty : words[^1];
        var hasOperators = text.Contains('"', StringComparison.Ordinal) || words.Any(static word => word[0] == '-' || word.Equals("or", StringComparison.OrdinalIgnoreCase));
        if (hasOperators || last.Length < 2 || !last.All(char.IsLetterOrDigit))
        {
            return $"websearch_to_tsquery('english', {Add(command, text)})";
        }

        var others = string.Join(' ', words[..^1]);
        var end = $"websearch_to_tsquery('english', {Add(command, last)}) || to_tsquery('simple', {Add(command, last.ToLowerInvariant() + ":*")})";
        return others.Length == 0 ? end : $"websearch_to_tsquery('english', {Add(command, others)}) && ({end})";
    }

    private static void AppendFilters(StringBuilder sql, SearchProducts search, NpgsqlCommand command)
    {
        if (search.Text is not null)
        {
            sql.Append(" and words @@ asked");
        }

        if (search.Vendor is not null)
        {
            sql.Append($" and vendor_key = {Add(command, SearchRow.Key(search.Vendor))}");
        }

        if (search.Type is not null)
        {
            sql.Append($" and type_key = {Add(command, SearchRow.Key(search.Type))}");
        }

        if (search.Tag is not null)
        {
            sql.Append($" and tags @> array[{Add(command, SearchRow.Key(search.Tag))}]::text[]");
        }

        if (search.MinPrice is { } minimum)
        {
            sql.Append($" and min_price >= {Add(command, minimum)}");
        }

        if (search.MaxPrice is { } maximum)
        {
            sql.Append($" and min_price <= {Add(command, maximum)}");
        }
    }

    private static (string Expression, bool Descending) KeyOf(string sort) => sort switch
    {
        "relevance" => ("ts_rank(words, asked)::float8", true),
        "title" => ("title_key", false),
        "price" => ("min_price", false),
        "-price" => ("min_price", true),
        "created" => ("created_at", false),
        _ => ("created_at", true),
    };

    private static string CursorKey(ProductCursor after, NpgsqlCommand command) => after.Sort switch
    {
        "relevance" => Add(command, after.Rank!.Value),
        "title" => Add(command, after.Title!) + " collate \"C\"",
        "price" or "-price" => Add(command, after.Price!.Value),
        _ => Add(command, after.Created!.Value),
    };

    private static string Add<T>(NpgsqlCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return "$" + command.Parameters.Count;
    }
}
