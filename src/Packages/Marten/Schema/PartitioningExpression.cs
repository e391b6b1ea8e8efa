using Marten.Internal;

namespace Marten.Schema
{
    /// <summary>Divides the table of a document type into partitions by the value of a column.</summary>
    public class PartitioningExpression
    {
        private readonly DocumentMapping mapping;
        private readonly string column;
        private readonly Func<object, object?> convert;

        internal PartitioningExpression(DocumentMapping mapping, string column, Func<object, object?> convert)
        {
            this.mapping = mapping;
            this.column = column;
            this.convert = convert;
        }

        /// <summary>Spreads rows over partitions by a hash of the value.</summary>
        /// <param name="suffixes">What the names of the partitions end with, one for each.</param>
        public Weasel.Postgresql.Tables.Partitioning.HashPartitioning ByHash(params string[] suffixes) =>
            Use(new Weasel.Postgresql.Tables.Partitioning.HashPartitioning(column, suffixes));

        /// <summary>Puts rows with certain values into partitions of their own, all others into a default partition.</summary>
        public Weasel.Postgresql.Tables.Partitioning.ListPartitioning ByList() => Use(new Weasel.Postgresql.Tables.Partitioning.ListPartitioning(column, convert));

        /// <summary>Puts rows with values of certain ranges into partitions of their own, all others into a default partition.</summary>
        public Weasel.Postgresql.Tables.Partitioning.RangePartitioning ByRange() => Use(new Weasel.Postgresql.Tables.Partitioning.RangePartitioning(column, convert));

        /// <summary>Divides the table by lists of values; somebody else creates the partitions.</summary>
        public void ByExternallyManagedListPartitions() => Use(new Weasel.Postgresql.Tables.Partitioning.ListPartitioning(column, convert)).IsExternal = true;

        /// <summary>Divides the table by ranges of values; somebody else creates the partitions.</summary>
        public void ByExternallyManagedRangePartitions() => Use(new Weasel.Postgresql.Tables.Partitioning.RangePartitioning(column, convert)).IsExternal = true;

        private T Use<T>(T partitioning) where T : Weasel.Postgresql.Tables.Partitioning.Partitioning
        {
            mapping.Partitioning = partitioning;
            return partitioning;
        }
    }
}

namespace Weasel.Postgresql.Tables.Partitioning
{
    /// <summary>How a table is divided.</summary>
    public abstract class Partitioning
    {
        private readonly List<(string Suffix, string Bound)> partitions = [];

        private protected Partitioning(string method, string column)
        {
            Method = method;
            Columns = [column];
        }

        /// <summary>The columns whose values decide.</summary>
        public string[] Columns { get; }

        internal string Method { get; }

        /// <summary>Whether somebody else creates the partitions.</summary>
        internal bool IsExternal { get; set; }

        internal string Column => Columns[0];

        /// <summary>The division as PostgreSQL prints it.</summary>
        internal string Key => $"{Method} ({string.Join(", ", Columns.Select(Identifiers.Quote))})";

        /// <summary>The partitions: what their names end with, and which rows they hold.</summary>
        internal virtual IEnumerable<(string Suffix, string Bound)> Partitions => IsExternal ? [] : partitions.Append(("default", "DEFAULT"));

        private protected void Add(string suffix, string bound)
        {
            if (suffix.Length == 0 || partitions.Exists(p => p.Suffix == suffix) || suffix == "default")
                throw new ArgumentException($"'{suffix}' cannot be the suffix of one more partition.", nameof(suffix));
            partitions.Add((suffix.ToLowerInvariant(), bound));
        }

        private protected static string Literal(object? value) => value switch
        {
            bool truth => truth ? "TRUE" : "FALSE",
            DateTime time => Identifiers.Literal(time.ToString("O", System.Globalization.CultureInfo.InvariantCulture)),
            DateTimeOffset time => Identifiers.Literal(time.ToString("O", System.Globalization.CultureInfo.InvariantCulture)),
            DateOnly day => Identifiers.Literal(day.ToString("O", System.Globalization.CultureInfo.InvariantCulture)),
            null => throw new ArgumentNullException(nameof(value), "The column of a partitioned table is never null."),
            _ => Identifiers.Literal(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!),
        };
    }

    /// <summary>A division by a hash of the value.</summary>
    public class HashPartitioning : Partitioning
    {
        internal HashPartitioning(string column, string[] suffixes)
            : base("HASH", column)
        {
            ArgumentOutOfRangeException.ThrowIfZero(suffixes.Length, nameof(suffixes));
            Suffixes = suffixes;
            for (var i = 0; i < suffixes.Length; i++)
                Add(suffixes[i], string.Create(System.Globalization.CultureInfo.InvariantCulture, $"FOR VALUES WITH (MODULUS {suffixes.Length}, REMAINDER {i})"));
        }

        /// <summary>What the names of the partitions end with.</summary>
        public string[] Suffixes { get; }

        internal override IEnumerable<(string Suffix, string Bound)> Partitions => base.Partitions.SkipLast(1);
    }

    /// <summary>A division by lists of values.</summary>
    public class ListPartitioning : Partitioning
    {
        private readonly Func<object, object?> convert;

        internal ListPartitioning(string column, Func<object, object?> convert)
            : base("LIST", column) => this.convert = convert;

        /// <summary>Adds a partition for some values.</summary>
        /// <param name="suffix">What its name ends with.</param>
        /// <param name="values">The values, of the type of the member.</param>
        public ListPartitioning AddPartition<T>(string suffix, params T[] values) where T : notnull
        {
            Add(suffix, $"FOR VALUES IN ({string.Join(", ", values.Select(v => Literal(convert(v))))})");
            return this;
        }
    }

    /// <summary>A division by ranges of values.</summary>
    public class RangePartitioning : Partitioning
    {
        private readonly Func<object, object?> convert;

        internal RangePartitioning(string column, Func<object, object?> convert)
            : base("RANGE", column) => this.convert = convert;

        /// <summary>Adds a partition for a range of values.</summary>
        /// <param name="suffix">What its name ends with.</param>
        /// <param name="from">The smallest value.</param>
        /// <param name="to">What all values are smaller than.</param>
        public RangePartitioning AddRange<T>(string suffix, T from, T to) where T : notnull
        {
            Add(suffix, $"FOR VALUES FROM ({Literal(convert(from))}) TO ({Literal(convert(to))})");
            return this;
        }
    }
}
