using ModularMonolith.NetArchTest.Tests.Fixtures.Between;
using ModularMonolith.NetArchTest.Tests.Fixtures.Targets;

namespace ModularMonolith.NetArchTest.Tests.Fixtures.Dependents;

public class InBaseType : Target;

public class InInterface : ITarget;

public class InConstraint<T> where T : Target;

public class InMethodConstraint
{
    public void Method<T>() where T : Target
    {
    }
}

[TargetMarker]
public class InTypeAttribute;

public class InFieldAttribute
{
    [TargetMarker]
    public int Field;
}

public class InPropertyAttribute
{
    [TargetMarker]
    public int Property => 1;
}

public class InEventAttribute
{
    [TargetMarker]
    public event Action? Raised;
}

public class InMethodAttribute
{
    [TargetMarker]
    public void Method()
    {
    }
}

public class InParameterAttribute
{
    public void Method([TargetMarker] int number)
    {
    }
}

public class InReturnAttribute
{
    [return: TargetMarker]
    public int Method() => 1;
}

public class InField
{
    public Target? Field;
}

public class InProperty
{
    public Target? Property => null;
}

public class InEvent
{
    public event TargetHandler? Raised;
}

public class InParameter
{
    public void Method(Target target)
    {
    }
}

public class InReturn
{
    public Target? Method() => null;
}

public class InLocal
{
    public void Method()
    {
        var local = Middle.Make();
        for (var round = 0; round < 2; round++)
            Middle.Take(local);
    }
}

public class InTypeOf
{
    public object Method() => typeof(Target);
}

public class InNew
{
    public object Method() => new Target();
}

public class InCast
{
    public bool Method(object value) => value is Target;
}

public class InCalledMethod
{
    public void Method() => Target.Call();
}

public class InAccessedField
{
    public object? Method() => Target.Shared;
}

public class InGenericCall
{
    public void Method() => Middle.Generic<Target>();
}

public class InGenericField
{
    public Dictionary<string, List<Target>>? Field;
}

public class InArray
{
    public Target[][]? Field;
}

public class InReference
{
    public void Method(ref Target target)
    {
    }
}

public class InPointer
{
    public unsafe TargetStructure** Field;
}

public class InNestedTarget
{
    public Target.Inner? Field;
}

public class InAsyncMethod
{
    public async Task Method()
    {
        await Task.Yield();
        Target.Call();
    }
}

public class InIterator
{
    public IEnumerable<int> Method()
    {
        Target.Call();
        yield return 1;
    }
}

public class InClosure
{
    public Action Method(int number) => () =>
    {
        Target.Call();
        _ = number;
    };
}

public class InLambdaOfAsyncMethod
{
    public async Task<Action> Method(int number)
    {
        await Task.Yield();
        return () =>
        {
            Target.Call();
            _ = number;
        };
    }
}
