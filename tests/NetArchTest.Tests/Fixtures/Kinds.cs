namespace ModularMonolith.NetArchTest.Tests.Fixtures.Kinds;

public class PublicClass;

internal class InternalClass;

public abstract class AbstractClass;

public sealed class SealedClass;

public static class StaticClass;

public class GenericClass<T>;

public interface IContract;

public struct Structure;

public enum Enumeration
{
    One
}

public class Outer
{
    public class NestedPublic;

    private class NestedPrivate;

    internal class NestedInternal;

    public object Anonymous() => new { Text = "x", Numbers = new[] { 1, 2, 3, 4, 5 } };
}
