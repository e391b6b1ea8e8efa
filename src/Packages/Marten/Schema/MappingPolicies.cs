using Marten.Schema;

namespace Marten
{
    /// <summary>Changes how many document types are stored.</summary>
    public interface IDocumentPolicy
    {
        /// <summary>Changes one type. Called for each, declared before or after the policy.</summary>
        void Apply(DocumentMapping mapping);
    }
}

namespace Marten.Schema
{
    /// <summary>Within which documents the values of a unique index are unique.</summary>
    public enum TenancyScope
    {
        /// <summary>Within all.</summary>
        Global = 0,

        /// <summary>Within those of one tenant.</summary>
        PerTenant = 1,
    }
}

namespace Marten.Schema.Identity
{
    /// <summary>How identities are made for documents that have none. The store brings all implementations.</summary>
    public interface IIdGeneration
    {
        /// <summary>Whether identities are numbers.</summary>
        bool IsNumeric { get; }

        internal bool Makes(Type idType);
    }

    /// <summary>Guids that ascend with time, as is the default.</summary>
    public class SequentialGuidIdGeneration : IIdGeneration
    {
        /// <inheritdoc />
        public bool IsNumeric => false;

        bool IIdGeneration.Makes(Type idType) => idType == typeof(Guid);
    }
}

namespace JasperFx.MultiTenancy
{
    /// <summary>How the ids of tenants are spelled before they are used.</summary>
    public enum TenantIdStyle
    {
        /// <summary>As they are given.</summary>
        CaseSensitive = 0,

        /// <summary>In upper case.</summary>
        ForceUpperCase = 1,

        /// <summary>In lower case.</summary>
        ForceLowerCase = 2,
    }
}

namespace Weasel.Postgresql.Tables
{
    /// <summary>A reference to rows of a table that is no document.</summary>
    public class ForeignKey
    {
        /// <summary>Names a reference.</summary>
        public ForeignKey(string name) => Name = name;

        /// <summary>The name.</summary>
        public string Name { get; set; }

        /// <summary>The table that is referred to.</summary>
        public Weasel.Core.DbObjectName LinkedTable { get; set; } = null!;

        /// <summary>The referring columns.</summary>
        public string[] ColumnNames { get; set; } = [];

        /// <summary>The columns that are referred to.</summary>
        public string[] LinkedNames { get; set; } = [];

        /// <summary>What happens to the documents when the row that they refer to is removed; default: it cannot be removed.</summary>
        public Weasel.Core.CascadeAction OnDelete { get; set; } = Weasel.Core.CascadeAction.NoAction;

        /// <summary>What happens to the documents when the value that they refer to changes; default: it cannot change.</summary>
        public Weasel.Core.CascadeAction OnUpdate { get; set; } = Weasel.Core.CascadeAction.NoAction;

        /// <summary>The constraint, as in ADD CONSTRAINT name definition.</summary>
        internal string Definition() =>
            $"FOREIGN KEY ({Names(ColumnNames)}) REFERENCES {LinkedTable.QualifiedName}({Names(LinkedNames)}){Action(" ON DELETE", OnDelete)}{Action(" ON UPDATE", OnUpdate)}";

        private static string Names(IEnumerable<string> columns) => string.Join(", ", columns.Select(Marten.Internal.Identifiers.Quote));

        private static string Action(string when, Weasel.Core.CascadeAction action) => action switch
        {
            Weasel.Core.CascadeAction.Cascade => when + " CASCADE",
            Weasel.Core.CascadeAction.SetNull => when + " SET NULL",
            Weasel.Core.CascadeAction.SetDefault => when + " SET DEFAULT",
            Weasel.Core.CascadeAction.Restrict => when + " RESTRICT",
            _ => "",
        };
    }
}
