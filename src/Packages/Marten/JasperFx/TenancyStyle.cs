namespace JasperFx.MultiTenancy;

/// <summary>How the data of tenants is kept apart.</summary>
public enum TenancyStyle
{
    /// <summary>It is not.</summary>
    Single = 0,

    /// <summary>In the same tables, by a column that is part of every key.</summary>
    Conjoined = 1,
}
