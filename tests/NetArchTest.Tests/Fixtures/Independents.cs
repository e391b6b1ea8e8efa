using ModularMonolith.NetArchTest.Tests.Fixtures.Between;
using ModularMonolith.NetArchTest.Tests.Fixtures.Targets;
using ModularMonolith.NetArchTest.Tests.Fixtures.TargetsOther;

namespace ModularMonolith.NetArchTest.Tests.Fixtures.Independents;

public class OfNothing
{
    public int[] Numbers() => [1, 2, 3, 4, 5, 6, 7, 8];

    public object Anonymous() => new { Text = "x" };
}

public class OfDecoy
{
    public Decoy? Field;
}

[Referring(typeof(Target))]
public class OfAttributeArgument;

public class OfCatchWithoutVariable
{
    public void Method()
    {
        try
        {
            Middle.Generic<int>();
        }
        catch (TargetException)
        {
            throw;
        }
    }
}

public class OfReturnTypeOfCall
{
    public void Method() => Middle.Make();
}

public class OfParameterTypeOfCall
{
    public void Method() => Middle.Take(null);
}

public class OfFunctionPointer
{
    public unsafe void Method(void* function) => ((delegate*<Target?, void>)function)(null);
}

public class OfConstant
{
    public int Method() => Target.Constant + (int)TargetKind.One;
}

public class OfName
{
    public string Method() => nameof(Target);
}
