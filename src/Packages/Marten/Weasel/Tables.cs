using Marten.Internal;
using Marten.Schema;
using Marten.Storage;
using Weasel.Core;

namespace Weasel.Core
{
    /// <summary>A table that the store creates beside its own.</summary>
    public interface ISchemaObject
    {
        /// <summary>Schema and name.</summary>
        DbObjectName Identifier { get; }
    }

    /// <summary>The name of a database object.</summary>
    public class DbObjectName
    {
        /// <summary>Names an object.</summary>
        public DbObjectName(string schema, string name)
        {
            Schema = schema;
            Name = name;
        }

        /// <summary>The schema; empty when the store decides.</summary>
        public string Schema { get; }

        /// <summary>The name.</summary>
        public string Name { get; }

        /// <summary>Both, quoted where SQL needs it.</summary>
        public string QualifiedName => Schema.Length == 0 ? Identifiers.Quote(Name) : Identifiers.Qualify(Schema, Name);

        /// <inheritdoc />
        public override string ToString() => QualifiedName;
    }
}

namespace Weasel.Postgresql.Tables
{
    /// <summary>A table that the store creates beside its own.</summary>
    public class Table : ISchemaObject
    {
        private readonly List<TableColumn> columns = [];

        /// <summary>Declares a table; a name without a schema gets that of the store.</summary>
        public Table(string name)
            : this(name.Split('.') is [var schema, var table] ? new DbObjectName(schema, table) : new DbObjectName(string.Empty, name))
        {
        }

        /// <summary>Declares a table.</summary>
        public Table(DbObjectName name) => Identifier = name;

        /// <inheritdoc />
        public DbObjectName Identifier { get; internal set; }

        /// <summary>The columns in order.</summary>
        public IReadOnlyList<TableColumn> Columns => columns;

        /// <summary>The names of the columns of the primary key.</summary>
        public IReadOnlyList<string> PrimaryKeyColumns => [.. columns.Where(c => c.IsPrimaryKey).Select(c => c.Name)];

        /// <summary>Adds a column of the type that stands for a CLR type.</summary>
        public ColumnExpression AddColumn<T>(string columnName) => AddColumn(columnName, PostgresTypes.For(Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T), false).Name);

        /// <summary>Adds a column, or finds the one of that name.</summary>
        public ColumnExpression AddColumn(string columnName, string columnType)
        {
            var column = columns.Find(c => c.Name == columnName);
            if (column is null)
                columns.Add(column = new TableColumn(columnName, columnType));
            return new ColumnExpression(column);
        }

        internal TableObject ToSchemaObject()
        {
            var table = new TableObject(Identifier.Schema, Identifier.Name) { PrimaryKeyName = $"pkey_{Identifier.Name}_{string.Join('_', PrimaryKeyColumns)}", PrimaryKey = PrimaryKeyColumns };
            table.Columns.AddRange(columns.Select(c => new ColumnObject(c.Name, c.Type, c.IsNotNull || c.IsPrimaryKey, c.Default)));
            return table;
        }

        /// <summary>Continues the declaration of a column.</summary>
        public class ColumnExpression
        {
            private readonly TableColumn column;

            internal ColumnExpression(TableColumn column) => this.column = column;

            /// <summary>Makes the column a part of the primary key.</summary>
            public ColumnExpression AsPrimaryKey()
            {
                column.IsPrimaryKey = true;
                return this;
            }

            /// <summary>Lets the column refuse null.</summary>
            public ColumnExpression NotNull()
            {
                column.IsNotNull = true;
                return this;
            }

            /// <summary>Lets the column accept null, which is the default.</summary>
            public ColumnExpression AllowNulls()
            {
                column.IsNotNull = false;
                return this;
            }

            /// <summary>Sets the default of the column.</summary>
            public ColumnExpression DefaultValue(long value) => DefaultValueByExpression(value.ToString(System.Globalization.CultureInfo.InvariantCulture));

            /// <summary>Sets the default of the column.</summary>
            public ColumnExpression DefaultValueByString(string value) => DefaultValueByExpression(Identifiers.Literal(value));

            /// <summary>Sets the default of the column to an SQL expression, which is not checked.</summary>
            public ColumnExpression DefaultValueByExpression(string expression)
            {
                column.Default = expression;
                return this;
            }
        }
    }

    /// <summary>A column.</summary>
    public class TableColumn
    {
        internal TableColumn(string name, string type)
        {
            Name = name;
            Type = type;
        }

        /// <summary>The name.</summary>
        public string Name { get; }

        /// <summary>The type as it is written in SQL.</summary>
        public string Type { get; }

        /// <summary>Whether the column belongs to the primary key.</summary>
        public bool IsPrimaryKey { get; internal set; }

        internal bool IsNotNull { get; set; }

        internal string? Default { get; set; }
    }
}
