namespace ModularMonolith.NetArchTest.Tests.Fixtures.Members;

public class Empty;

public class Constants
{
    public const int Number = 1;
    public static readonly int Fixed = 2;
}

public class ReadOnlyMembers
{
    public readonly string? Field;
    private string? _hidden;

    public string? Property { get; private set; }
}

public class PublicField
{
    public string? Field;
}

public class PublicSetter
{
    public string? Property { get; set; }
}

public class InitSetter
{
    public string? Property { get; init; }
}

public class NullableValue
{
    public int? Property { get; }
}

public class PlainValue
{
    public int Property { get; }
}

public class PrivatePlainValue
{
    private readonly int _number;
}
