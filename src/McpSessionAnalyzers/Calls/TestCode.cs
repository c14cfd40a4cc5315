using System.Runtime.CompilerServices;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>Tests, fixtures and benchmarks: each opens a session of its own on purpose.</summary>
internal sealed class TestCode
{
    private static readonly Contract[] MethodAttributes =
    {
        new(
            "a test",
            "Xunit.FactAttribute",
            "Xunit.v3.IFactAttribute",
            "NUnit.Framework.TestAttribute",
            "NUnit.Framework.TestCaseAttribute",
            "NUnit.Framework.TestCaseSourceAttribute",
            "NUnit.Framework.TheoryAttribute",
            "Microsoft.VisualStudio.TestTools.UnitTesting.TestMethodAttribute",
            "TUnit.Core.TestAttribute",
            "FsCheck.Xunit.PropertyAttribute"),
        new(
            "a test fixture",
            "NUnit.Framework.SetUpAttribute",
            "NUnit.Framework.TearDownAttribute",
            "NUnit.Framework.OneTimeSetUpAttribute",
            "NUnit.Framework.OneTimeTearDownAttribute",
            "Microsoft.VisualStudio.TestTools.UnitTesting.TestInitializeAttribute",
            "Microsoft.VisualStudio.TestTools.UnitTesting.TestCleanupAttribute",
            "Microsoft.VisualStudio.TestTools.UnitTesting.ClassInitializeAttribute",
            "Microsoft.VisualStudio.TestTools.UnitTesting.ClassCleanupAttribute",
            "Microsoft.VisualStudio.TestTools.UnitTesting.AssemblyInitializeAttribute",
            "Microsoft.VisualStudio.TestTools.UnitTesting.AssemblyCleanupAttribute",
            "TUnit.Core.HookAttribute",
            "TUnit.Core.BeforeAttribute",
            "TUnit.Core.AfterAttribute",
            "Reqnroll.StepDefinitionBaseAttribute",
            "Reqnroll.HookAttribute",
            "TechTalk.SpecFlow.StepDefinitionBaseAttribute",
            "TechTalk.SpecFlow.HookAttribute"),
        new(
            "a benchmark",
            "BenchmarkDotNet.Attributes.BenchmarkAttribute",
            "BenchmarkDotNet.Attributes.GlobalSetupAttribute",
            "BenchmarkDotNet.Attributes.GlobalCleanupAttribute",
            "BenchmarkDotNet.Attributes.IterationSetupAttribute",
            "BenchmarkDotNet.Attributes.IterationCleanupAttribute"),
    };

    private static readonly string[] TypeAttributes =
    {
        "NUnit.Framework.TestFixtureAttribute",
        "NUnit.Framework.SetUpFixtureAttribute",
        "Microsoft.VisualStudio.TestTools.UnitTesting.TestClassAttribute",
        "Xunit.CollectionDefinitionAttribute",
        "Reqnroll.BindingAttribute",
        "TechTalk.SpecFlow.BindingAttribute",
    };

    private static readonly string[] TypeContracts =
    {
        "Xunit.IAsyncLifetime",
        "Xunit.IClassFixture`1",
        "Xunit.ICollectionFixture`1",
        "TUnit.Core.Interfaces.IAsyncInitializer",
        "Microsoft.AspNetCore.Mvc.Testing.WebApplicationFactory`1",
    };

    private readonly TypeIndex<Contract> _methods;
    private readonly TypeSet _typeAttributes;
    private readonly TypeSet _typeContracts;
    private readonly ConditionalWeakTable<INamedTypeSymbol, string> _reasons = new();

    public TestCode(Compilation compilation)
    {
        _methods = new(compilation, MethodAttributes, static row => row.Types);
        _typeAttributes = TypeSet.Resolve(compilation, TypeAttributes);
        _typeContracts = TypeSet.Resolve(compilation, TypeContracts);
    }

    /// <summary>Classes with tests, and their fixtures.</summary>
    public bool IsTestType(INamedTypeSymbol type) => TypeReasonOf(type).Length > 0;

    /// <summary>A test or fixture method, or any other method of their type: helpers of a test serve that one test.</summary>
    public string? ReasonOf(IMethodSymbol method)
    {
        for (var current = method; current is not null; current = current.OverriddenMethod)
        {
            if (MarkOf(current) is { } row)
            {
                return row.Reason;
            }
        }

        return method.ContainingType is { } type && TypeReasonOf(type) is { Length: > 0 } reason ? reason : null;
    }

    private string TypeReasonOf(INamedTypeSymbol type) =>
        _methods.IsEmpty && _typeAttributes.IsEmpty && _typeContracts.IsEmpty ? "" : _reasons.GetValue(type, Compute);

    private string Compute(INamedTypeSymbol type)
    {
        if (_typeContracts.ContainsBaseOf(type))
        {
            return "a test fixture";
        }

        for (var current = type; current is not null; current = current.BaseType)
        {
            if (!_typeAttributes.IsEmpty && current.GetAttributes().Any(a => _typeAttributes.ContainsBaseOf(a.AttributeClass)))
            {
                return "a test class";
            }

            foreach (var method in current.GetMembers().OfType<IMethodSymbol>())
            {
                if (MarkOf(method) is { } row)
                {
                    return row.Reason == "a benchmark" ? "a benchmark" : "a test class";
                }
            }
        }

        return "";
    }

    // xunit v3 lets any attribute that implements IFactAttribute mark a test.
    private Contract? MarkOf(IMethodSymbol method)
    {
        if (_methods.OfAttributes(method, out _) is { } row)
        {
            return row;
        }

        return _methods.IsEmpty
            ? null
            : method.GetAttributes().SelectMany(static a => a.AttributeClass?.AllInterfaces ?? Enumerable.Empty<INamedTypeSymbol>()).Select(_methods.Of).FirstOrDefault(static r => r is not null);
    }
}
