using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>Tests, fixtures and benchmarks: each opens a session of its own on purpose.</summary>
internal static class TestCode
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

    private static readonly TypeNames TypeAttributes = new(
        "NUnit.Framework.TestFixtureAttribute",
        "NUnit.Framework.SetUpFixtureAttribute",
        "Microsoft.VisualStudio.TestTools.UnitTesting.TestClassAttribute",
        "Xunit.CollectionDefinitionAttribute",
        "Reqnroll.BindingAttribute",
        "TechTalk.SpecFlow.BindingAttribute");

    private static readonly TypeNames TypeContracts = new(
        "Xunit.IAsyncLifetime",
        "Xunit.IClassFixture`1",
        "Xunit.ICollectionFixture`1",
        "TUnit.Core.Interfaces.IAsyncInitializer",
        "Microsoft.AspNetCore.Mvc.Testing.WebApplicationFactory`1");

    // The same, where the test framework can't be found, or is one of the user's own: such an attribute still says what is meant.
    private static readonly HashSet<string> UnboundMethodAttributes = new()
    {
        "Fact", "Theory", "Test", "TestCase", "TestCaseSource", "TestMethod", "DataTestMethod", "SetUp", "TearDown", "OneTimeSetUp", "OneTimeTearDown",
        "TestInitialize", "TestCleanup", "ClassInitialize", "ClassCleanup", "Benchmark", "GlobalSetup", "GlobalCleanup",
    };

    private static readonly HashSet<string> UnboundTypeAttributes = new() { "TestFixture", "TestClass" };

    private static readonly TypeTable<Contract> Methods = new(MethodAttributes, static row => row.Types);
    private static readonly ConditionalWeakTable<INamedTypeSymbol, string> Reasons = new();

    public static RunOnceKind KindOf(string reason) => reason == "a test fixture" ? RunOnceKind.Fixture : RunOnceKind.Test;

    /// <summary>Classes with tests, and their fixtures.</summary>
    public static bool IsTestType(INamedTypeSymbol type) => TypeReasonOf(type).Length > 0;

    /// <summary>A test or fixture method, or any other method of their type: helpers of a test serve that one test.</summary>
    public static string? ReasonOf(IMethodSymbol method)
    {
        for (var current = method; current is not null; current = current.OverriddenMethod)
        {
            if (Methods.OfAttributes(current) is { } row)
            {
                return row.Reason;
            }
        }

        return method.ContainingType is { } type && TypeReasonOf(type) is { Length: > 0 } reason ? reason : null;
    }

    private static string TypeReasonOf(INamedTypeSymbol type) =>
        Reasons.GetValue(type, Compute);

    private static string Compute(INamedTypeSymbol type)
    {
        if (TypeContracts.ContainsBaseOf(type) || type.AllInterfaces.Any(static one => one.Name == "IAsyncLifetime" && !one.DeclaringSyntaxReferences.IsEmpty))
        {
            return "a test fixture";
        }

        for (var current = type; current is not null; current = current.BaseType)
        {
            if (TypeAttributes.IsOn(current) || HasUnbound(current, UnboundTypeAttributes))
            {
                return "a test class";
            }

            foreach (var method in current.GetMembers().OfType<IMethodSymbol>())
            {
                if (Methods.OfAttributes(method) is { } row)
                {
                    return row.Reason == "a benchmark" ? "a benchmark" : "a test class";
                }

                if (HasUnbound(method, UnboundMethodAttributes))
                {
                    return "a test class";
                }
            }
        }

        return "";
    }

    private static bool HasUnbound(ISymbol symbol, HashSet<string> names) =>
        symbol.GetAttributes().Any(attribute => attribute.AttributeClass is { Name: var name } type
            && (type.TypeKind == TypeKind.Error || !type.DeclaringSyntaxReferences.IsEmpty)
            && (names.Contains(name) || (name.EndsWith("Attribute", StringComparison.Ordinal) && names.Contains(name.Substring(0, name.Length - "Attribute".Length)))));
}
