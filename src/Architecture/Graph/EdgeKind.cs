namespace ModularMonolith.Architecture.Graph;

/// <summary>How one piece of code depends on another.</summary>
public enum EdgeKind
{
    /// <summary>A method, constructor, property or field is used.</summary>
    Call,

    /// <summary>A type is named: in a signature, as the type of a field or a local, by <c>typeof</c>, in a cast or a pattern.</summary>
    TypeUse,

    /// <summary>A class is derived from, or an interface implemented.</summary>
    Inheritance,

    /// <summary>A type is an attribute, or an argument of one.</summary>
    AttributeArgument,

    /// <summary>A type of exception is caught.</summary>
    Catch,

    /// <summary>A type is the argument of a generic type or method.</summary>
    GenericArgument,

    /// <summary>A constant or a name was copied by the compiler; only the source shows it.</summary>
    Constant,

    /// <summary>An integration event is published or handled.</summary>
    Event,

    /// <summary>A request to another module is made.</summary>
    Request,

    /// <summary>An address of the API is called.</summary>
    Http,

    /// <summary>A table, function or sequence is named in SQL.</summary>
    Table,

    /// <summary>A package is referred to.</summary>
    Package,

    /// <summary>A project is referred to.</summary>
    Project,
}
