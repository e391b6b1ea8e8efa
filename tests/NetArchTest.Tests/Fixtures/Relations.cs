namespace ModularMonolith.NetArchTest.Tests.Fixtures.Relations;

[AttributeUsage(AttributeTargets.All)]
public class PlainAttribute : Attribute;

public class DerivedAttribute : PlainAttribute;

public class GenericAttribute<T> : Attribute;

[Plain]
public class Marked;

[Derived]
public class MarkedByDerived;

[Generic<int>]
public class MarkedByGeneric;

public class Root;

public class Child : Root;

public class Grandchild : Child;

public class GenericRoot<T>;

public class GenericChild : GenericRoot<int>;

public class FarException : InvalidOperationException;

public interface IContract;

public interface IWider : IContract;

public interface IGeneric<T>;

public class Direct : IContract;

public class ThroughBase : Direct;

public class ThroughInterface : IWider;

public class OfNumber : IGeneric<int>;

public class OfTexts : IGeneric<string[]>;

public class Holder
{
    public interface INested;
}

public class OfNested : Holder.INested;
