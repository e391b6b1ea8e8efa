using Weasel.Core;
using Weasel.Core.Sequences;

namespace Marten;

/// <summary>Rarely needed settings.</summary>
public class AdvancedOptions
{
    private readonly List<Action<ISerializer>> serializerChanges = [];
    private EnumStorage serializerEnumStorage;

    /// <summary>How enumerations are kept in the columns of duplicated members; default: as in the JSON.</summary>
    public EnumStorage DuplicatedFieldEnumStorage
    {
        get => ColumnEnumStorage ?? serializerEnumStorage;
        set => ColumnEnumStorage = value;
    }

    /// <summary>Whether the columns of duplicated members of type DateTime have no time zone; default: yes. With one, values must be in UTC.</summary>
    public bool DuplicatedFieldUseTimestampWithoutTimeZoneForDateTime { get; set; } = true;

    /// <summary>Whether sessions of the default tenant may be opened; default: yes.</summary>
    public bool DefaultTenantUsageEnabled { get; set; } = true;

    internal EnumStorage? ColumnEnumStorage { get; private set; }

    /// <summary>Changes the serializer when the store is built, whichever it is then.</summary>
    public void ModifySerializer(Action<ISerializer> configure) => serializerChanges.Add(configure);

    internal void Prepare(ISerializer serializer)
    {
        foreach (var change in serializerChanges)
            change(serializer);
        serializerChanges.Clear();
        serializerEnumStorage = serializer.EnumStorage;
    }

    /// <summary>How many identities an integer sequence reserves at once; default: 1000.</summary>
    public HiloSettings HiloSequenceDefaults { get; } = new();

    /// <summary>Whether n-gram search ignores accents, by the PostgreSQL extension unaccent, which the store creates; default: no. Indexes must be built again when it changes.</summary>
    public bool UseNGramSearchWithUnaccent { get; set; }
}
